import { memberColorNames, type MemberColor } from '../../src/shared/colors.ts';

/** Colours of the editor's theme as a canvas takes them. */
export interface ChartTheme {
  readonly text: string;
  readonly quiet: string;
  readonly background: string;
  readonly line: string;
  readonly grid: string;
  readonly warning: string;
  readonly focus: string;
  /** Of lines through all lanes, under which names must stay readable. */
  readonly mark: string;
  readonly warningMark: string;
  readonly isHighContrast: boolean;
  readonly font: string;
  readonly members: Readonly<Record<MemberColor, { readonly fill: string; readonly edge: string }>>;
}

/** Reads what is set now; to be read anew when the theme changes. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const scratch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const pixel = (color: string, under: string): string => {
    scratch.globalAlpha = 1;
    scratch.fillStyle = under;
    scratch.fillRect(0, 0, 1, 1);
    scratch.fillStyle = color;
    scratch.fillRect(0, 0, 1, 1);
    const [red, green, blue] = scratch.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const named = (names: readonly string[], otherwise: string): string =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '') ?? otherwise;
  const background = pixel(named(['editor-background'], '#000000'), '#000000');
  const text = pixel(named(['foreground'], style.color), background);
  const over = (names: readonly string[], otherwise: string): string => pixel(named(names, otherwise), background);
  const blend = (color: string, share: number): string => {
    pixel(background, background);
    scratch.globalAlpha = share;
    scratch.fillStyle = color;
    scratch.fillRect(0, 0, 1, 1);
    const [red, green, blue] = scratch.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const isHighContrast = document.body.className.includes('high-contrast');
  const members = Object.fromEntries(
    memberColorNames.map((name) => {
      const edge = over([`charts-${name}`], text);
      // In high contrast the outline tells, and text on it must stand out.
      return [name, { edge, fill: blend(edge, isHighContrast ? 0.22 : 0.38) }];
    }),
  ) as ChartTheme['members'];
  const warning = over(['list-warningForeground', 'editorWarning-foreground'], text);
  return {
    text,
    quiet: over(['descriptionForeground'], text),
    background,
    line: over(['contrastBorder', 'panel-border'], blend(text, 0.2)),
    grid: blend(text, isHighContrast ? 0.25 : 0.1),
    warning,
    mark: blend(text, 0.4),
    warningMark: blend(warning, 0.65),
    isHighContrast,
    focus: over(['contrastActiveBorder', 'focusBorder'], text),
    font: style.fontFamily,
    members,
  };
}
