import { onlyAsks } from '../../commands/authorize.ts';
import type { PersonId } from '../../domain/pool.ts';
import type { Card } from '../../messages/card.ts';
import type { HomePage } from '../../messages/home.ts';
import type { Answered, Asking, Listener } from '../../ports.ts';
import type { Identity, Trust } from './identity.ts';

/** A line that somebody typed where the bot hears it. `Account` is how the platform knows people. */
export interface Said<Account> {
  readonly account: Account;
  readonly text: string;
  readonly deliveryId: string;
}

/**
 * What a pressed button means: one of a card's, with the words that it asked for where the platform has asked already, or
 * a question on a person's own page.
 */
export type PressedButton =
  | { readonly kind: 'press'; readonly card: string; readonly button: string; readonly words: string | null }
  | { readonly kind: 'ask'; readonly command: string };

/** A press. `pressed` is null for a button that is not ours, `channel` and `message` for one on a person's own page. */
export interface Pressing<Account> {
  readonly account: Account;
  readonly channel: string | null;
  readonly message: string | null;
  readonly pressed: PressedButton | null;
  readonly deliveryId: string;
}

/** Which button's question a form answers. */
export interface FormAbout {
  readonly card: string;
  readonly button: string;
}

/** A form that was sent. `about` is null for one that is not ours; `channel` is where it was opened. */
export interface Sending<Account> {
  readonly account: Account;
  readonly about: FormAbout | null;
  readonly channel: string | null;
  readonly words: string;
  readonly deliveryId: string;
}

/** One way back to the person who waits. */
export interface Reply {
  /** Tells the platform that it arrived, with nothing to show yet. Once; `answer` does it too. */
  acknowledge(): Promise<void>;
  /** Shows a card to this person alone, wherever that can be done. */
  answer(card: Card): Promise<void>;
}

/** What a press may lead to besides an answer: a form that asks for the reason. */
export interface PressReply extends Reply {
  askReason(asking: Asking, about: FormAbout): Promise<void>;
}

/** What a form may be told: it closes, or it stays and says why not. */
export interface FormReply {
  accept(): Promise<void>;
  refuse(because: string): Promise<void>;
  answer(card: Card): Promise<void>;
}

/** What a conversation needs. */
export interface ConversationHands<Account> {
  readonly listener: Listener;
  readonly identify: (account: Account) => Promise<Identity>;
  /** Whether nobody but our own people reads along there, asked now. */
  readonly trusted: (channel: string) => Promise<Trust>;
  /** The message that stands under a card's key in a channel; null: none does. */
  readonly messageOf: (card: string, channel: string) => Promise<string | null>;
  /** Comes back after that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How long an answer may take before its person is told that it is being worked on. */
const SILENT_FOR = 2_500;
/** How many deliveries of questions are remembered, so that one delivered again is not answered again. */
const REMEMBERED = 1_000;

/**
 * What people type and press in a chat, brought to the one listener. An order is written before the platform is told that
 * it arrived; a question is only asked after that. Every one of them gets a visible answer.
 */
export class Conversation<Account> {
  readonly #hands: ConversationHands<Account>;
  readonly #asked = new Set<string>();

  constructor(hands: ConversationHands<Account>) {
    this.#hands = hands;
  }

  async typed(typed: Said<Account>, reply: Reply): Promise<void> {
    const text = typed.text.trim() === '' ? 'help' : typed.text;
    if (onlyAsks(text)) return this.#ask(text, typed, reply);
    const may = await this.#mayChange(typed.account);
    if (may.kind === 'refused') return reply.answer(refusal(`${may.because}. Nothing was changed.`));
    await finish(await this.#hands.listener.hear({ text, by: may.person, deliveryId: typed.deliveryId }), reply);
  }

  /** Pointing at a message asks what it asks. Words of somebody else are never carried out: whoever means them types them. */
  async pointedAt(pointed: Said<Account>, reply: Reply): Promise<void> {
    if (pointed.text.trim() !== '' && onlyAsks(pointed.text)) return this.#ask(pointed.text, pointed, reply);
    await reply.acknowledge();
    await reply.answer(refusal('A shortcut only asks. To have that done, type it yourself. Nothing was changed.'));
  }

  async pressed(press: Pressing<Account>, reply: PressReply): Promise<void> {
    const { pressed } = press;
    if (pressed === null) return reply.answer(refusal('That button is not one of mine. Nothing was changed.'));
    if (pressed.kind === 'ask') return this.#ask(onlyAsks(pressed.command) ? pressed.command : 'help', press, reply);
    const { card, button, words } = pressed;
    const may = await this.#mayPress(press.account, press.channel);
    if (may.kind === 'refused') return reply.answer(refusal(`${may.because}. Nothing was changed.`));
    if (press.channel !== null && (await this.#hands.messageOf(card, press.channel)) !== press.message)
      return reply.answer(refusal('That is a copy of a card: press the button on the card itself. Nothing was changed.'));
    const answered = await this.#hands.listener.press({
      card,
      button,
      words,
      by: may.person,
      deliveryId: press.deliveryId,
    });
    if (answered.kind === 'answered') return finish(answered, reply);
    await reply.askReason(answered, { card, button });
  }

  async submitted(submission: Sending<Account>, reply: FormReply): Promise<void> {
    const { about, channel } = submission;
    if (about === null) return reply.refuse('This form is not one of mine. Nothing was changed.');
    if (submission.words === '') return reply.refuse('A reason is needed.');
    const may = await this.#mayPress(submission.account, channel);
    if (may.kind === 'refused') return reply.refuse(`${may.because}. Nothing was changed.`);
    const { card, button } = about;
    const { words, deliveryId } = submission;
    const answered = await this.#hands.listener.press({ card, button, words, by: may.person, deliveryId });
    if (answered.kind === 'asking') return reply.refuse(`${answered.question} is not answered.`);
    if (!answered.taken) return reply.refuse(answered.card.title);
    await reply.accept();
    await reply.answer(answered.card);
    await answered.follow();
  }

  /** A person's own page. Whoever is nobody here is told so, and by which id they would have to be listed. */
  async home(account: Account): Promise<HomePage | Card> {
    const identity = await this.#hands.identify(account);
    if (identity.kind === 'outsider') return refusal(`You may do nothing here: ${identity.because}.`);
    return this.#hands.listener.home(identity.person);
  }

  async #ask(text: string, from: { readonly account: Account; readonly deliveryId: string }, reply: Reply): Promise<void> {
    await reply.acknowledge();
    if (this.#asked.has(from.deliveryId)) return;
    this.#remember(from.deliveryId);
    const identity = await this.#hands.identify(from.account);
    if (identity.kind === 'outsider') return reply.answer(refusal(`You may ask nothing here: ${identity.because}.`));
    const hearing = this.#hands.listener.hear({ text, by: identity.person, deliveryId: from.deliveryId });
    const slow = Symbol('slow');
    const first = await Promise.race([hearing, this.#hands.wait(SILENT_FOR).then(() => slow)]);
    if (first === slow)
      await reply.answer(refusal(`Working on \`${text.trim()}\`: the pool takes its time. The answer comes here.`));
    await finish(await hearing, reply);
  }

  #remember(deliveryId: string): void {
    this.#asked.add(deliveryId);
    const [oldest] = this.#asked;
    if (this.#asked.size > REMEMBERED && oldest !== undefined) this.#asked.delete(oldest);
  }

  async #mayChange(account: Account): Promise<May> {
    const identity = await this.#hands.identify(account);
    switch (identity.kind) {
      case 'verified':
        return { kind: 'may', person: identity.person };
      case 'unverified':
        return { kind: 'refused', because: `Could not verify you, press again or type it again (${identity.because})` };
      case 'outsider':
        return { kind: 'refused', because: `Not allowed: ${identity.because}` };
    }
  }

  /** A button works where its card may stand: a channel that another organisation joined after the post is none. */
  async #mayPress(account: Account, channel: string | null): Promise<May> {
    const [may, trust] = await Promise.all([
      this.#mayChange(account),
      channel === null ? ('yes' as const) : this.#hands.trusted(channel),
    ]);
    if (may.kind === 'refused' || trust === 'yes') return may;
    return trust === 'no'
      ? {
          kind: 'refused',
          because: 'This channel is shared with another organisation, so buttons do nothing in it: use a direct message',
        }
      : { kind: 'refused', because: 'Could not verify this channel, press again' };
  }
}

type May = { readonly kind: 'may'; readonly person: PersonId } | { readonly kind: 'refused'; readonly because: string };

/** First the person is told, then what they began goes on. */
async function finish(answered: Answered, reply: Reply): Promise<void> {
  await reply.answer(answered.card);
  await answered.follow();
}

/** An answer of the adapter's own, for what never reaches the listener. */
const refusal = (title: string): Card => ({ key: 'answer', under: null, tone: 'calm', title, lines: [], buttons: [] });
