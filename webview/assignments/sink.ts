/** Where the chart is drawn to: the screen's canvas, or the text of an SVG. So a picture that is saved is the one that is seen. */
export interface Sink {
  rect(x: number, y: number, width: number, height: number, color: string): void;
  /** An outline, inside the rectangle. */
  frame(x: number, y: number, width: number, height: number, color: string): void;
  /** Diagonal lines. */
  hatch(x: number, y: number, width: number, height: number, color: string): void;
  line(x1: number, y1: number, x2: number, y2: number, color: string, dashed?: boolean): void;
  /** x and y in turns. */
  polyline(points: readonly number[], color: string): void;
  /** On one line, centred on `y`; cut at `width`. */
  text(text: string, x: number, y: number, width: number, color: string, align?: 'left' | 'center'): void;
  /** One of the codicons, centred; where that font is not at hand, `letter`. */
  icon(name: IconName, letter: string, x: number, y: number, color: string): void;
  /** All that `draw` draws, and only what lies in the rectangle. */
  clipped(x: number, y: number, width: number, height: number, draw: () => void): void;
}

/** Code points of the codicons that are drawn. */
export const iconCodes = {
  'person-add': 0xebcd,
  'sign-out': 0xea6e,
  watch: 0xeb7c,
  'debug-restart': 0xead2,
  edit: 0xea73,
  'symbol-array': 0xea8a,
  star: 0xea6a,
  server: 0xeb50,
  sync: 0xea77,
  warning: 0xea6c,
  question: 0xeb32,
} as const;

export type IconName = keyof typeof iconCodes;

export const fontSize = 11;

/** Of a usual letter, px: text is cut by count, for measuring each would cost more than drawing it. */
const letterWidth = 6.2;

export function cutText(text: string, width: number): string {
  const room = Math.floor(width / letterWidth);
  if (text.length <= room) return text;
  if (room < 3) return '';
  const tail = Math.min(6, Math.floor((room - 1) / 2));
  return `${text.slice(0, room - 1 - tail)}…${text.slice(text.length - tail)}`;
}

export class CanvasSink implements Sink {
  readonly #context: CanvasRenderingContext2D;
  readonly #font: string;
  readonly #patterns = new Map<string, CanvasPattern>();

  constructor(context: CanvasRenderingContext2D, fontFamily: string) {
    this.#context = context;
    this.#font = `${fontSize}px ${fontFamily}`;
  }

  rect(x: number, y: number, width: number, height: number, color: string): void {
    this.#context.fillStyle = color;
    this.#context.fillRect(x, y, width, height);
  }

  frame(x: number, y: number, width: number, height: number, color: string): void {
    this.#context.strokeStyle = color;
    this.#context.lineWidth = 1;
    this.#context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
  }

  hatch(x: number, y: number, width: number, height: number, color: string): void {
    let pattern = this.#patterns.get(color);
    if (pattern === undefined) {
      pattern = this.#pattern(color);
      this.#patterns.set(color, pattern);
    }
    this.#context.fillStyle = pattern;
    this.#context.fillRect(x, y, width, height);
  }

  line(x1: number, y1: number, x2: number, y2: number, color: string, dashed = false): void {
    const context = this.#context;
    context.strokeStyle = color;
    context.lineWidth = 1;
    if (dashed) context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    if (dashed) context.setLineDash([]);
  }

  polyline(points: readonly number[], color: string): void {
    const context = this.#context;
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let at = 0; at + 1 < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
    context.stroke();
  }

  text(text: string, x: number, y: number, width: number, color: string, align: 'left' | 'center' = 'left'): void {
    const shown = cutText(text, width);
    if (shown === '') return;
    const context = this.#context;
    context.font = this.#font;
    context.fillStyle = color;
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillText(shown, x, y + 0.5);
  }

  icon(name: IconName, _letter: string, x: number, y: number, color: string): void {
    const context = this.#context;
    context.font = '14px codicon';
    context.fillStyle = color;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(String.fromCodePoint(iconCodes[name]), x, y);
  }

  clipped(x: number, y: number, width: number, height: number, draw: () => void): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }

  #pattern(color: string): CanvasPattern {
    const tile = document.createElement('canvas');
    tile.width = 6;
    tile.height = 6;
    const context = tile.getContext('2d')!;
    context.strokeStyle = color;
    context.lineWidth = 1.2;
    for (const shift of [-6, 0, 6]) {
      context.beginPath();
      context.moveTo(shift, 6);
      context.lineTo(shift + 6, 0);
      context.stroke();
    }
    return this.#context.createPattern(tile, 'repeat')!;
  }
}

export class SvgSink implements Sink {
  readonly #parts: string[] = [];
  readonly #hatches = new Map<string, string>();
  readonly #size: { readonly width: number; readonly height: number };
  readonly #font: string;
  #clips = 0;

  constructor(size: { readonly width: number; readonly height: number }, fontFamily: string) {
    this.#size = size;
    this.#font = fontFamily;
  }

  rect(x: number, y: number, width: number, height: number, color: string): void {
    this.#parts.push(`<rect ${box(x, y, width, height)} fill="${escape(color)}"/>`);
  }

  frame(x: number, y: number, width: number, height: number, color: string): void {
    const inner = box(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
    this.#parts.push(`<rect ${inner} fill="none" stroke="${escape(color)}"/>`);
  }

  hatch(x: number, y: number, width: number, height: number, color: string): void {
    const id = this.#hatches.get(color) ?? `hatch${this.#hatches.size}`;
    this.#hatches.set(color, id);
    this.#parts.push(`<rect ${box(x, y, width, height)} fill="url(#${id})"/>`);
  }

  line(x1: number, y1: number, x2: number, y2: number, color: string, dashed = false): void {
    const dash = dashed ? ' stroke-dasharray="3 3"' : '';
    this.#parts.push(
      `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${escape(color)}"${dash}/>`,
    );
  }

  polyline(points: readonly number[], color: string): void {
    const path = points.map(short).join(' ');
    this.#parts.push(`<polyline points="${path}" fill="none" stroke="${escape(color)}" stroke-width="1.5"/>`);
  }

  text(text: string, x: number, y: number, width: number, color: string, align: 'left' | 'center' = 'left'): void {
    const shown = cutText(text, width);
    if (shown === '') return;
    const anchor = align === 'center' ? ' text-anchor="middle"' : '';
    this.#parts.push(
      `<text x="${short(x)}" y="${short(y + fontSize * 0.35)}" fill="${escape(color)}"${anchor}>${escape(shown)}</text>`,
    );
  }

  icon(_name: IconName, letter: string, x: number, y: number, color: string): void {
    this.text(letter, x, y, 20, color, 'center');
  }

  clipped(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${this.#clips++}`;
    this.#parts.push(`<clipPath id="${id}"><rect ${box(x, y, width, height)}/></clipPath><g clip-path="url(#${id})">`);
    draw();
    this.#parts.push('</g>');
  }

  /** The file's text. `title` says what it is a picture of. */
  toText(title: string): string {
    const { width, height } = this.#size;
    const patterns = [...this.#hatches].map(
      ([color, id]) =>
        `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="${escape(color)}" stroke-width="1.2"/></pattern>`,
    );
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escape(this.#font)}" font-size="${fontSize}">
<title>${escape(title)}</title>
<defs>${patterns.join('')}</defs>
${this.#parts.join('\n')}
</svg>
`;
  }
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** XML has no way to write most control characters, so those become spaces. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
    .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
