import { renderCard } from '../adapters/console/render.ts';
import type { Instant } from '../domain/time.ts';
import type { Seen } from '../messages/card.ts';
import { isoTime, type SessionEvent } from './record.ts';

/** What the channel saw, minute by minute: of an edited card only the lines that are new. */
export class Transcript {
  readonly #out: (line: string) => void;
  #minute = '';

  constructor(out: (line: string) => void) {
    this.#out = out;
  }

  /** Of what happens, a transcript has what people type and that the bot was started again. */
  happened(event: SessionEvent): void {
    if (event.kind === 'heard') this.#line(event.at, `@${String(event['by'])} ${String(event['text'])}`);
    if (event.kind === 'restarted') this.#line(event.at, '(the bot was killed and is started again)');
  }

  saw(at: Instant, card: Seen, before: string | null): void {
    const text = renderCard(card, before, false);
    if (text !== null) this.#line(isoTime(at), text.replaceAll('\n', '\n      '));
  }

  #line(at: string, text: string): void {
    const minute = at.slice(11, 16);
    this.#out(`${minute === this.#minute ? '     ' : minute} ${text}`);
    this.#minute = minute;
  }
}
