/** What the page's keys do; arrows and such are the table's own. */
export interface TailKeys {
  /** The filter as typed. */
  readonly typing: () => string;
  readonly clearFilter: () => void;
  readonly toFilter: () => void;
  readonly toTable: () => void;
  readonly back: () => void;
  readonly pause: () => void;
  readonly follow: () => void;
}

/** `/` filter, Space pause, F follow, Escape back; none of them while somebody types. */
export function keepTailKeys(keys: TailKeys): void {
  document.addEventListener('keydown', (event) => {
    const path = event.composedPath();
    const [target] = path;
    const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const pressing = target instanceof HTMLButtonElement || target instanceof HTMLSelectElement;
    const inFilter = path.some((one) => one instanceof HTMLElement && one.classList.contains('filter'));
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Escape') {
      if (inFilter && keys.typing() !== '') keys.clearFilter();
      else if (inFilter) keys.toTable();
      else keys.back();
    } else if (event.key === '/' && !typing) {
      keys.toFilter();
    } else if (event.key === ' ' && !typing && !pressing) {
      keys.pause();
    } else if ((event.key === 'f' || event.key === 'F') && plain && !typing && !pressing) {
      keys.follow();
    } else if (event.key === 'ArrowDown' && inFilter) {
      keys.toTable();
    } else {
      return;
    }
    event.preventDefault();
  });
}
