import { type InTeams, REQUEST } from './in-teams.ts';

/** The answer's type, as its client has it. */
export const typeOf = (answer: { readonly body: unknown }): unknown => Object(answer.body).type;
/** The type of an answer of words, which its person alone is shown. */
export const MESSAGE = 'application/vnd.microsoft.activity.message';
/** `Action.Execute` of the request's card with these data. */
export async function executed(it: InTeams, person: string, data: unknown, action: object = {}) {
  const execute = it.teams.says.execute(person, await it.at(REQUEST), { type: 'Action.Execute', verb: 'press', ...action }, {});
  return { ...execute, value: { action: { type: 'Action.Execute', verb: 'press', ...action, data }, trigger: 'manual' } };
}
/** The same as a phone sends it. */
export const submitted = async (it: InTeams, person: string, value: unknown) => ({
  ...it.teams.says.submit(person, await it.at(REQUEST), {}),
  value,
});
