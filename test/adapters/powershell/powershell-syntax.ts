import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import treeSitter from '@vscode/tree-sitter-wasm';
import { ALLOWED, ALLOWED_TYPES } from './allowed-cmdlets.ts';

type Node = import('@vscode/tree-sitter-wasm').Node;

const wasm = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm');
await treeSitter.Parser.init();
const parser = new treeSitter.Parser();
parser.setLanguage(await treeSitter.Language.load(wasm));

const root = fileURLToPath(new URL('../../../src/adapters/', import.meta.url));
/** Every PowerShell file below the folder, by its path from `src/adapters`. */
export function powershellFiles(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => /\.ps[md]?1$/.test(name)).map((name) => join(folder, name).replaceAll('\\', '/'));
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

function parse(text: string): Node {
  const tree = parser.parse(text);
  if (tree === null) throw new Error('nothing was parsed');
  return tree.rootNode;
}

const found = (node: Node, type: string): readonly Node[] => node.descendantsOfType(type).filter((each) => each !== null);

/** What every PowerShell file of ours must not do: fail to parse, or hold a character that only looks like another. */
export function faultsOfText(text: string): readonly string[] {
  const node = parse(text);
  const errors = found(node, 'ERROR').map((error) => `syntax error at line ${error.startPosition.row + 1}: ${error.text}`);
  const odd = [...text].filter((character) => !/^[\n\x20-\x7e]$/.test(character));
  return [
    ...errors,
    ...(node.hasError && errors.length === 0 ? ['syntax error'] : []),
    ...odd.map((character) => `not plain ASCII: ${JSON.stringify(character)}`),
  ];
}

/** What a script that is run on a Front End Server must not do besides; `granted` are the phrases that it alone may hold, once each. */
export function faultsOfScript(whole: string, granted: readonly string[] = []): readonly string[] {
  const missing = granted.filter((phrase) => whole.split(phrase).length !== 2);
  const text = granted.reduce((rest, phrase) => rest.replace(phrase, "'granted'"), whole);
  const node = parse(text);
  const own = found(node, 'function_name').map(({ text: name }) => name);
  return [
    ...missing.map((phrase) => `not there once: ${phrase}`),
    ...faultsOfText(text),
    ...found(node, 'command').flatMap((command) => faultsOfCommand(command, own)),
    ...found(node, 'type_literal')
      .filter(({ text: type }) => !ALLOWED_TYPES.includes(type))
      .map(({ text: type }) => `type ${type} is not on the list`),
    ...found(node, 'member_name')
      .filter(({ text: name }) => /^(Invoke|Create$|AddScript|EndInvoke)/i.test(name))
      .map(({ text: name }) => `method ${name}`),
    ...[...code(text).matchAll(/\b(Force|WhatIf|Invoke-Expression|iex|FromBase64Command|EncodedCommand)\b/gi)].map(
      ([word]) => `the word ${word}`,
    ),
  ];
}

/** The commands that a script calls by name, each with the parameters it is ever given there, without the hyphen. */
export function commandsIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const commands = new Map<string, Set<string>>();
  for (const command of found(parse(text), 'command')) {
    const name = command.namedChildren.find((child) => child?.type === 'command_name')?.text;
    if (name === undefined) continue;
    const elements = command.namedChildren.find((child) => child?.type === 'command_elements');
    const parameters = (elements?.namedChildren ?? []).filter((child) => child?.type === 'command_parameter');
    const known = commands.get(name) ?? new Set();
    for (const parameter of parameters) known.add((parameter?.text ?? '').replace(/^-|:$/g, ''));
    commands.set(name, known);
  }
  return commands;
}

/** The text without its comments, which may speak of what the code must not do. */
const code = (text: string): string =>
  found(parse(text), 'comment').reduce((rest, { text: comment }) => rest.replace(comment, ''), text);

/** A script beside this one, named outright; or a block of code written in the place where it is run. */
const FIXED_CALL = /^("\$PSScriptRoot\/[a-z-]+\.ps1"|\{[\s\S]*\})$/;

function faultsOfCommand(command: Node, own: readonly string[]): readonly string[] {
  const called = command.descendantsOfType('command_name_expr')[0];
  const operator = command.namedChildren.some((child) => child?.type === 'command_invokation_operator');
  if (operator) return called && FIXED_CALL.test(called.text) ? [] : [`a call through a variable: ${command.text.slice(0, 80)}`];
  // A module in front says which command of that name is meant.
  const name = command.namedChildren
    .find((child) => child?.type === 'command_name')
    ?.text.replace(/^Microsoft\.PowerShell\.\w+\\/, '');
  if (name === undefined || own.includes(name)) return [];
  const allowed = ALLOWED[name];
  if (allowed === undefined) return [`${name} is not on the list`];
  const elements = command.namedChildren.find((child) => child?.type === 'command_elements');
  const used = (elements?.namedChildren ?? [])
    .filter((child) => child?.type === 'command_parameter')
    .map((child) => (child?.text ?? '').replace(/:$/, ''));
  const splats = (elements?.namedChildren ?? []).map((child) => child?.text ?? '').filter((text) => /^@\w+$/.test(text));
  return [...used, ...splats].filter((each) => !allowed.with.includes(each)).map((each) => `${name} ${each} is not on the list`);
}

/** A cmdlet as a script calls it: its parameters by their names, and whether there may be more of them in a splat. */
export interface Called {
  readonly cmdlet: string;
  readonly parameters: readonly string[];
  readonly splatted: boolean;
}

/** Every cmdlet that a script calls, each time it does; not the functions and blocks of its own. */
export function callsIn(text: string): readonly Called[] {
  const node = parse(text);
  const own = found(node, 'function_name').map(({ text: name }) => name);
  return found(node, 'command').flatMap((command): readonly Called[] => {
    const cmdlet = command.namedChildren
      .find((child) => child?.type === 'command_name')
      ?.text.split('\\')
      .at(-1);
    if (cmdlet === undefined || own.includes(cmdlet)) return [];
    const elements = command.namedChildren.find((child) => child?.type === 'command_elements')?.namedChildren ?? [];
    const parameters = elements.flatMap((child) =>
      child?.type === 'command_parameter' ? [child.text.replace(/^-|:$/g, '')] : [],
    );
    return [{ cmdlet, parameters, splatted: elements.some((child) => /^@\w+$/.test(child?.text ?? '')) }];
  });
}
