import { PackageTree, utf8Text } from '../package-tree.js';
import { isMap, textOf, type YamlMap } from '../read-yaml.js';

/** Where constants stand for their values. */
const PLACES =
  /^(?:statement|problem_statement)\/.*[.]md$|^(?:output_validators?|include|submissions)\/|(?:^|\/)test_group[.]yaml$/;

/** A package with the values of `constants` in the place of `{{name}}` and `{{name.variant}}`; undefined ones stay as they are. */
export function withConstants(tree: PackageTree, problem: YamlMap): PackageTree {
  const values = valuesOf(problem['constants']);
  if (values.size === 0) return tree;
  const replaced = [...tree.files].map(([path, content]): [string, Uint8Array] => {
    const text = PLACES.test(path) ? utf8Text(content) : null;
    if (text === null) return [path, content];
    const whole = text.replace(
      /\{\{([a-zA-Z_]\w*(?:[.][a-zA-Z_]\w*)?)\}\}/g,
      (found, name: string) => values.get(name) ?? found,
    );
    return [path, Buffer.from(whole)];
  });
  return new PackageTree(new Map(replaced));
}

function valuesOf(constants: unknown): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, constant] of Object.entries(isMap(constants) ? constants : {})) {
    const variants = isMap(constant) ? constant : { value: constant };
    values.set(name, textOf(variants['value']));
    for (const [variant, value] of Object.entries(variants)) values.set(`${name}.${variant}`, textOf(value));
  }
  return values;
}
