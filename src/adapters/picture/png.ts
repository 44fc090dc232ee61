import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

const FONT_FILES = ['400Regular/IBMPlexSans_400Regular.ttf', '600SemiBold/IBMPlexSans_600SemiBold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/ibm-plex-sans/${file}`)),
);
const FONT = 'IBM Plex Sans';
/** Twice as large as it is drawn, for screens that are finer than a picture's points. */
const ZOOM = 2;

/** A drawing as a PNG. The font comes with this program, so that the picture is the same on every machine. Throws for what is no SVG. */
export function pngOf(svg: string): Buffer {
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: FONT },
  });
  return drawing.render().asPng();
}
