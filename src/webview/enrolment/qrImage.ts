import { create } from 'qrcode';

/** White modules around the code that ISO/IEC 18004 asks for. */
const quietModules = 4;
/** About how wide the picture is to be, in CSS pixels. */
const wantedWidth = 232;

/**
 * Draws a QR code as a picture: black on white in every theme, since many phones cannot read the reverse, and with whole
 * pixels for each module. Error correction is the lowest (L): a screen has no dirt or tears, and larger modules read better.
 * It is made of outlines: to read a picture back from a canvas can hold the page up for seconds where a graphics card is missing.
 * @param text what the code holds
 * @returns the picture as a `data:` address, and its width and height in CSS pixels
 */
export function qrImage(text: string): { readonly address: string; readonly size: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const across = modules.size + 2 * quietModules;
  const size = across * Math.max(3, Math.round(wantedWidth / across));
  const squares: string[] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) {
        squares.push(`M${quietModules + column} ${quietModules + row}h1v1h-1z`);
      }
    }
  }
  const picture = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${across} ${across}"`,
    ` shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${across}v${across}h-${across}z"/>`,
    `<path d="${squares.join('')}"/></svg>`,
  ].join('');
  return { address: `data:image/svg+xml,${encodeURIComponent(picture)}`, size };
}
