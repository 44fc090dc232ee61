/** The tenant, the app and its people, as the Playground has them. It takes five users besides the one whose page it is. */
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const APP_ID = '33333333-3333-4333-8333-333333333333';
export const BOT_NAME = 'Lifeguard';
/** How Teams names the bot of an app. */
export const BOT = `28:${APP_ID}`;

/** Whose page the Playground is. */
export const AT_THE_PAGE = 'dana';
const OTHERS = ['omar', 'kim', 'ines', 'ravi', 'mei'] as const;
/** Somebody in the Playground, by the id that it has for them. */
export type PlaygroundUser = typeof AT_THE_PAGE | (typeof OTHERS)[number];

/** Whether somebody of this id is there. */
export const isThere = (id: string): id is PlaygroundUser => [AT_THE_PAGE, ...OTHERS].some((user) => user === id);

/** Who they are in the tenant's directory. */
export const objectIdOf = (user: PlaygroundUser): string =>
  `22222222-2222-4222-8222-00000000000${[AT_THE_PAGE, ...OTHERS].indexOf(user)}`;
/** A person's account, as the pools file names it. */
export const accountOf = (user: PlaygroundUser): string => `${TENANT}:${objectIdOf(user)}`;

/** Conversations, with ids as Teams makes them. */
export const PERSONAL = 'a:dana';
export const GROUP = '19:ops@thread.v2';
export const CHANNEL = '19:lyncops@thread.tacv2';

/** What they are called. */
export const nameOf = (user: PlaygroundUser): string => `${user.slice(0, 1).toUpperCase()}${user.slice(1)}`;

const userLine = (user: PlaygroundUser): string => {
  const name = nameOf(user);
  const mail = `${user}@contoso.example`;
  return `{ id: ${user}, name: ${name}, userPrincipleName: ${mail}, aadObjectId: ${objectIdOf(user)}, givenName: ${name}, surname: Doe, email: ${mail} }`;
};

/** What the Playground reads in the folder it is started in. `userPrincipleName` is its own spelling. */
export const PLAYGROUND_FILE = `version: "0.1.1"
tenantId: ${TENANT}
bot: { id: "${BOT}", name: ${BOT_NAME} }
currentUser: ${userLine(AT_THE_PAGE)}
users:
${OTHERS.map((user) => `  - ${userLine(user)}`).join('\n')}
personalChat: { id: "${PERSONAL}" }
groupChat: { id: "${GROUP}", name: Ops approvals }
team: { id: "19:contoso@thread.tacv2", name: Contoso, aadGroupId: 44444444-4444-4444-8444-444444444444, channels: [{ id: "${CHANNEL}", name: lync-ops }] }
`;
