export type SortKey = 'state' | 'lag' | 'name';

/** How somebody wants to see the tree; kept across reloads. */
export interface ViewOptions {
  /** Words that must all occur in a group's or topic's name, in any case; empty for all. */
  readonly filter: string;
  /** `state`: what needs attention first. */
  readonly sort: SortKey;
  readonly hideEmptyGroups: boolean;
  readonly showInternalTopics: boolean;
}

export const defaultOptions: ViewOptions = {
  filter: '',
  sort: 'state',
  hideEmptyGroups: false,
  showInternalTopics: false,
};

/** Options that an earlier version, or somebody else, wrote: what does not fit is the default. */
export function readOptions(stored: unknown): ViewOptions {
  const { filter, sort, hideEmptyGroups, showInternalTopics } = (stored ?? {}) as Record<string, unknown>;
  return {
    filter: typeof filter === 'string' ? filter : defaultOptions.filter,
    sort: sort === 'lag' || sort === 'name' || sort === 'state' ? sort : defaultOptions.sort,
    hideEmptyGroups: hideEmptyGroups === true,
    showInternalTopics: showInternalTopics === true,
  };
}

/** Tells whether any of the texts of one thing has all words of the filter. */
export function matcherOf(filter: string): (...texts: readonly string[]) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (...texts) =>
    texts.some((text) => {
      const lower = text.toLowerCase();
      return words.every((word) => lower.includes(word));
    });
}
