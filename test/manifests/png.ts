import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** A picture, point by point: red, green, blue and alpha (0 transparent, 255 opaque) for each, row by row from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly colour: readonly [red: number, green: number, blue: number];
  readonly alpha: number;
}

const BYTES = 4;

/** Reads a PNG of eight-bit RGBA (W3C, Portable Network Graphics, third edition). Fails the test for any other. */
export function readPng(file: Uint8Array): Picture {
  const png = Buffer.from(file);
  assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.deepEqual([...png.subarray(24, 29)], [8, 6, 0, 0, 0], 'eight bits, RGBA, deflated, not interlaced');
  const raw = unfiltered(inflateSync(Buffer.concat(chunks(png, 'IDAT'))), width * BYTES, height);
  const points = Array.from({ length: width * height }, (_, index): Point => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = raw.subarray(index * BYTES, (index + 1) * BYTES);
    return { x: index % width, y: Math.floor(index / width), colour: [red, green, blue], alpha };
  });
  return { width, height, points };
}

function chunks(png: Buffer, kind: string): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === kind) found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return found;
}

function unfiltered(filtered: Buffer, rowBytes: number, rows: number): Buffer {
  const raw = Buffer.alloc(rowBytes * rows);
  for (let row = 0; row < rows; row += 1) {
    const start = row * (rowBytes + 1);
    const filter = filtered[start] ?? assert.fail('a row is missing');
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column;
      const left = column < BYTES ? 0 : (raw[at - BYTES] ?? 0);
      const above = row === 0 ? 0 : (raw[at - rowBytes] ?? 0);
      const corner = column < BYTES || row === 0 ? 0 : (raw[at - rowBytes - BYTES] ?? 0);
      raw[at] = (filtered[start + 1 + column] ?? assert.fail('a row is short')) + predicted(filter, left, above, corner);
    }
  }
  return raw;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return Math.floor((left + above) / 2);
    case 4: {
      const guess = left + above - corner;
      const [first = 0, second = 0, third = 0] = [left, above, corner].map((each) => Math.abs(guess - each));
      if (first <= second && first <= third) return left;
      return second <= third ? above : corner;
    }
  }
  return assert.fail(`there is no filter ${filter}`);
}
