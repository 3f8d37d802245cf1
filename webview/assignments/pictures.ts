import { drawScene, type Scene } from './scene.ts';
import { CanvasSink, SvgSink } from './sink.ts';

export function svgOf(scene: Scene, title: string): string {
  const sink = new SvgSink(scene, scene.theme.font);
  drawScene(sink, scene);
  return sink.toText(title);
}

/** A PNG's bytes in base64, at twice the size so that it stays sharp. @throws {Error} it is larger than a canvas can be. */
export async function pngOf(scene: Scene): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = scene.width * 2;
  canvas.height = scene.height * 2;
  const context = canvas.getContext('2d')!;
  context.scale(2, 2);
  drawScene(new CanvasSink(context, scene.theme.font), scene);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
