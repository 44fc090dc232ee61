/** The part of Adaptive Cards 1.5 that cards here are made of: what phones show as well as desktops. */
export type CardElement = TextBlock | Container | ColumnSet | ActionSet | TextInput;

/** Text is Markdown. It always wraps: what does not would be cut on a phone. */
export interface TextBlock extends Look {
  readonly type: 'TextBlock';
  readonly text: string;
  readonly wrap: true;
}

/** How a text differs from the others. */
export interface Look {
  readonly size?: 'small' | 'medium' | 'large';
  readonly weight?: 'bolder';
  readonly isSubtle?: true;
  readonly fontType?: 'monospace';
  readonly spacing?: Spacing;
  readonly separator?: true;
  /** What a screen reader jumps to. */
  readonly style?: 'heading';
}

/** The room above an element. */
export type Spacing = 'none' | 'small' | 'medium' | 'large';

/** Elements on a ground of one colour. */
export interface Container {
  readonly type: 'Container';
  readonly style?: 'emphasis' | 'warning' | 'attention';
  /** Reaches to the card's edges. */
  readonly bleed?: true;
  readonly spacing?: Spacing;
  readonly separator?: true;
  readonly items: readonly CardElement[];
}

/** Elements beside each other. */
export interface ColumnSet {
  readonly type: 'ColumnSet';
  readonly spacing?: Spacing;
  readonly columns: readonly Column[];
}

/** As wide as what is in it, or as wide as is left. */
export interface Column {
  readonly type: 'Column';
  readonly width: 'auto' | 'stretch';
  readonly spacing?: Spacing;
  readonly items: readonly CardElement[];
}

/** At most six buttons where they belong. */
export interface ActionSet {
  readonly type: 'ActionSet';
  readonly spacing?: Spacing;
  readonly actions: readonly CardAction[];
}

/** A line, or a few, that somebody is asked for. */
export interface TextInput {
  readonly type: 'Input.Text';
  readonly id: string;
  readonly label: string;
  readonly isRequired: true;
  readonly errorMessage: string;
  readonly isMultiline: true;
  readonly maxLength: number;
}

/** A button: one that does something, or one that first opens a few lines below it. */
export type CardAction = ExecuteAction | ShowCardAction;

/** Colours of buttons. */
export type ActionStyle = 'positive' | 'destructive';

/** A button that comes back as an invoke; from a client that does not know those, as a message with the verb in its data. */
export interface ExecuteAction {
  readonly type: 'Action.Execute';
  readonly title: string;
  readonly style?: ActionStyle;
  readonly verb: string;
  readonly data: Readonly<Record<string, string>>;
  readonly fallback: {
    readonly type: 'Action.Submit';
    readonly title: string;
    readonly style?: ActionStyle;
    readonly data: Readonly<Record<string, string>>;
  };
}

/** A button that opens what is to be read or filled in before something is done. */
export interface ShowCardAction {
  readonly type: 'Action.ShowCard';
  readonly title: string;
  readonly style?: ActionStyle;
  readonly card: {
    readonly type: 'AdaptiveCard';
    readonly body: readonly CardElement[];
    readonly actions: readonly ExecuteAction[];
  };
}

/** Somebody who is called: wherever the card's text has `text`, Teams shows their name and tells them. */
export interface MentionEntity {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

/** A whole card. `Action.Execute` needs exactly 1.5; a card without buttons is content with less. */
export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5' | '1.2';
  readonly body: readonly CardElement[];
  readonly actions?: readonly CardAction[];
  readonly msteams: { readonly width: 'Full'; readonly entities?: readonly MentionEntity[] };
}

/** A text that has been written as Markdown. An empty one would be refused, and a hyphen would be a list. */
export const textBlock = (text: string, look: Look = {}): TextBlock => ({
  type: 'TextBlock',
  text: text.trim() === '' ? '–' : text,
  wrap: true,
  ...look,
});

/** A card of these elements, as wide as its place. */
export const cardOf = (
  body: readonly CardElement[],
  actions: readonly CardAction[],
  entities: readonly MentionEntity[],
): AdaptiveCard => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body,
  ...(actions.length === 0 ? {} : { actions }),
  msteams: { width: 'Full', ...(entities.length === 0 ? {} : { entities }) },
});
