/** How options are checked: by a table of their names. */

/** The default of an option; what is valid besides `undefined`, and that in words. Without these, everything is. */
export type Rule = readonly [initial?: unknown, isValid?: (value: never) => boolean, expected?: string];

export const isFunction = (value: unknown): boolean => typeof value === 'function';

/** The rule of an optional function. */
export const optionalFunction: Rule = [undefined, isFunction, 'a function'];

/** The rule of a number, which may be infinite. */
export function number(initial: number, unit = 'milliseconds', least = 0): Rule {
  const isValid = (value: unknown) => typeof value === 'number' && value >= least;
  return [initial, isValid, `a number of ${unit}, ${least} or more`];
}

/**
 * Takes the options that a table names, inherited ones too, as Web IDL does, and gives the others their defaults.
 *
 * @param init - without one nothing is read, not even what `Object.prototype` may have been given
 * @param prefix - what stands before their names in an error
 * @throws {TypeError} that names the invalid option
 */
export function convert<Options>(
  init: object | undefined,
  rules: Readonly<Record<string, Rule>>,
  prefix = '',
): Options {
  const options: Record<string, unknown> = {};
  for (const [name, [initial, isValid, expected]] of Object.entries(rules)) {
    const value = (init as Record<string, unknown> | undefined)?.[name];
    if (isValid && value !== undefined) check(isValid(value as never), prefix + name, expected!);
    options[name] = value === undefined ? initial : value;
  }
  return options as Options;
}

/** @throws {TypeError} that names the option, unless it is valid */
export function check(isValid: boolean, option: string, expected: string): void {
  if (!isValid) throw new TypeError(`everysource: the option "${option}" has to be ${expected}`);
}
