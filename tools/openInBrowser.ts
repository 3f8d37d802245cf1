import { spawn } from 'node:child_process';

/** Opens the address in the person's browser, where there is a display to show it; else does nothing. */
export function openInBrowser(url: string): void {
  const [command, ...args] = opener(url);
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true, windowsHide: true });
  // The address stands on the terminal; a browser that does not open is no failure.
  child.on('error', () => undefined);
  child.unref();
}

function opener(url: string): string[] {
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : [];
}
