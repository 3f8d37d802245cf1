/**
 * To be imported before uPlot, which formats numbers in `navigator.language` as it loads: a browser started in the POSIX
 * locale gives one there (`en-US@posix`) that Intl refuses, and the page would stay empty. The document has VS Code's.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: document.documentElement.lang });
}
