import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod/v4';
import type { Card } from '../../messages/card.ts';
import type { HomePage, PoolHealth } from '../../messages/home.ts';
import type { Asking } from '../../ports.ts';
import type { FormAbout, PressedButton } from '../chat/conversation.ts';
import { cut, rowsOf, sectionOf, shortened, wordsOf } from './message-blocks.ts';
import { NAMED_ONLY, type Reader, verbatim } from './mrkdwn.ts';

/** The form in which a person says why. */
export const REASON_VIEW = 'reason';
/** A reason is one line of a command, which has 256 characters with its verb and code. */
const REASON_MAX = 200;
/** Slack takes 100 blocks on a page; what is beyond is said in one more. */
const HOME_BLOCKS_MAX = 99;
/** Both together stay below the 3,000 characters that Slack takes in a section. */
const SECTION_MAX = 2_500;
const HEALTH_TITLE_MAX = 400;

/** Which button's question a form answers, and where it was pressed: null on a person's own page. */
export interface ReasonAbout extends FormAbout {
  readonly channel: string | null;
  readonly thread: string | null;
}

const ABOUT = z.strictObject({
  card: z.string().max(200),
  button: z.string().max(200),
  channel: z.string().max(64).nullable(),
  thread: z.string().max(64).nullable(),
});

/** What a form was opened with; null for one that is not ours. */
export function aboutOf(metadata: string): ReasonAbout | null {
  try {
    return ABOUT.safeParse(JSON.parse(metadata)).data ?? null;
  } catch {
    return null;
  }
}

/** Null for a button that is not ours. */
export function pressOf(actionId: string, value: string): PressedButton | null {
  const [, kind, name = ''] = /^(press|ask):([^:]{1,200})(?::\d{1,3})?$/.exec(actionId) ?? [];
  if (value === '' || kind === undefined) return null;
  return kind === 'press' ? { kind, card: value, button: name, words: null } : { kind: 'ask', command: value };
}

/** Asks what a button asks, over the card it belongs to. */
export function reasonView({ question, title }: Asking, about: ReasonAbout): ModalView {
  return {
    type: 'modal',
    callback_id: REASON_VIEW,
    private_metadata: JSON.stringify(about),
    title: { type: 'plain_text', text: shortened(question, 24) },
    submit: { type: 'plain_text', text: 'Send' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      sectionOf(cut(title, NAMED_ONLY, SECTION_MAX)),
      {
        type: 'input',
        block_id: 'reason',
        label: { type: 'plain_text', text: 'The reason, for everybody to see' },
        element: { type: 'plain_text_input', action_id: 'words', multiline: true, min_length: 1, max_length: REASON_MAX },
      },
    ],
  };
}

/** An answer to something that was pressed on a person's own page. */
export const answerView = (card: Card): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Lifeguard' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [...wordsOf(card, NAMED_ONLY)],
});

/** Stands until the answer is there. */
export const waitingView = (): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Lifeguard' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [sectionOf('Looking…')],
});

/** A person's own page: what waits for them, their runs, the pools. Whoever is nobody here gets the card that says so. */
export function homeView(page: HomePage | Card, reader: Reader): HomeView {
  const blocks = 'health' in page ? pageBlocks(page, reader) : wordsOf(page, reader);
  const over = blocks.length - HOME_BLOCKS_MAX;
  return {
    type: 'home',
    blocks: [...blocks.slice(0, HOME_BLOCKS_MAX), ...(over > 0 ? [sectionOf('… and more: `pools` lists them all')] : [])],
  };
}

function pageBlocks({ waiting, runs, health }: HomePage, reader: Reader): KnownBlock[] {
  const numbered = { next: 0 };
  return [
    headerOf('Waiting for you'),
    ...(waiting.length === 0
      ? [sectionOf('Nothing waits for you.')]
      : waiting.flatMap((card) => cardBlocks(card, reader, numbered))),
    { type: 'divider' },
    headerOf('My runs'),
    ...(runs.length === 0
      ? [sectionOf('You have no upgrade under way.')]
      : runs.flatMap((card) => cardBlocks(card, reader, numbered))),
    { type: 'divider' },
    headerOf('Pool health'),
    ...(health.length === 0
      ? [sectionOf('There is no pool that you may look at.')]
      : health.map((pool, index) => healthBlock(pool, index, reader))),
  ];
}

const headerOf = (text: string): KnownBlock => ({ type: 'header', text: { type: 'plain_text', text } });

/** Several cards may have a button of the same name: on a page each is numbered. */
function cardBlocks(card: Card, reader: Reader, numbered: { next: number }): readonly KnownBlock[] {
  return [...wordsOf(card, reader), ...rowsOf(card, ({ id }) => `press:${id}:${numbered.next++}`, `buttons:${numbered.next}`)];
}

function healthBlock({ title, lines, command }: PoolHealth, index: number, reader: Reader): KnownBlock {
  const text = `*${cut(title, reader, HEALTH_TITLE_MAX)}*\n${cut(lines.join('\n'), reader, SECTION_MAX)}`;
  return {
    type: 'section',
    text: verbatim(text),
    accessory: { type: 'button', action_id: `ask:status:${index}`, value: command, text: { type: 'plain_text', text: 'Status' } },
  };
}
