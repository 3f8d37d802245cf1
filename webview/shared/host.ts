/** The page's end of the line to its host. */
export interface Host<In, Out, State> {
  post(message: Out): void;
  /** To be called once. */
  listen(receive: (message: In) => void): void;
  /** How the page was looked at before it was hidden or VS Code was restarted. */
  readonly state: State | undefined;
  /** Kept over hiding and restarts; how the page is looked at, never data. */
  keep(state: State): void;
}

export function connectHost<In, Out, State>(): Host<In, Out, State> {
  const api = acquireVsCodeApi<State>();
  return {
    post: (message) => api.postMessage(message),
    listen: (receive) => {
      window.addEventListener('message', (event: MessageEvent<In>) => receive(event.data));
    },
    get state() {
      return api.getState();
    },
    keep: (state) => void api.setState(state),
  };
}

/** What the document was made with, see src/ui/panels/html.ts. */
export function metaOf(name: 'texts' | 'target'): Record<string, string> {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="kafka-debugger-${name}"]`)?.content;
  return content === undefined ? {} : (JSON.parse(content) as Record<string, string>);
}
