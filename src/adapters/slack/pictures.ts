import type { WebClient } from '@slack/web-api';
import type { Card } from '../../messages/card.ts';
import type { Store } from '../../ports.ts';
import { reasonOf } from './lookups.ts';
import type { Picture } from './message-blocks.ts';

/** A picture as it is uploaded, and what it says in words. */
export interface Drawn {
  readonly png: Uint8Array<ArrayBuffer>;
  readonly alt: string;
}

/** What pictures take. */
export interface PicturesHands {
  readonly client: WebClient;
  readonly store: Pick<Store, 'posted' | 'savePosted'>;
  /** Null: this card has none. */
  readonly draw: (card: Card) => Drawn | null;
  readonly log: (because: string) => void;
}

/** The pictures of cards, as the messenger asks for them. */
export interface CardPictures {
  /** For a first post: drawn and uploaded now, unless it was before. */
  made(card: Card): Promise<Picture | null>;
  /** For an edit: the one that was posted, so that it stays. */
  kept(card: Card): Promise<Picture | null>;
  /** Slack did not take a message with it. */
  dropped(card: Card): Promise<void>;
}

/** The record's name for where pictures are kept. */
const PLACE = 'slack-pictures';

/**
 * The picture that goes with a card, uploaded once, before its first post. A message is never held up for one: what cannot
 * be drawn or uploaded is left out, for the card says the same in words.
 */
export class Pictures implements CardPictures {
  readonly #hands: PicturesHands;

  constructor(hands: PicturesHands) {
    this.#hands = hands;
  }

  async made(card: Card): Promise<Picture | null> {
    const known = await this.kept(card);
    if (known !== null) return known;
    try {
      const drawn = this.#hands.draw(card);
      return drawn === null ? null : await this.#upload(card, drawn);
    } catch (error) {
      this.#hands.log(reasonOf(error));
      return null;
    }
  }

  async kept(card: Card): Promise<Picture | null> {
    const known = await this.#hands.store.posted(card.key, PLACE);
    return known === null || known.messageId === '' ? null : { fileId: known.messageId, alt: known.digest };
  }

  async dropped(card: Card): Promise<void> {
    await this.#hands.store.savePosted(card.key, PLACE, { messageId: '', digest: '' });
  }

  async #upload(card: Card, { png, alt }: Drawn): Promise<Picture | null> {
    const { client, store } = this.#hands;
    const filename = `${card.key}.png`;
    const asked = await client.files.getUploadURLExternal({ filename, length: png.length, alt_text: alt });
    if (asked.upload_url === undefined || asked.file_id === undefined) return null;
    const sent = await fetch(asked.upload_url, { method: 'POST', body: png });
    if (!sent.ok) throw new Error(`the upload was answered with ${sent.status}`);
    await client.files.completeUploadExternal({ files: [{ id: asked.file_id, title: filename }] });
    await store.savePosted(card.key, PLACE, { messageId: asked.file_id, digest: alt });
    return { fileId: asked.file_id, alt };
  }
}
