import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Who may import whom: `ui, lib, words <- api <- map, offline <- rooms <- entries`; a room never another. */
const layers = { ui: 0, lib: 0, words: 0, api: 1, map: 2, offline: 2, rooms: 3 };

/** What a folder may not reach: every folder above its own. */
function shut(folder) {
  return Object.entries(layers)
    .filter(([name, height]) => height > layers[folder] && name !== folder)
    .map(([name]) => name);
}

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts"] },
  ...tseslint.configs.recommended,
  a11y.flatConfigs.recommended,
  {
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "@typescript-eslint/no-non-null-assertion": "error",
      // a name that somebody else chose, as __proto__, must not reach a prototype: objects are made of entries, lists by their methods
      "no-restricted-syntax": [
        "error",
        { selector: "AssignmentExpression[left.type='MemberExpression'][left.computed=true][left.property.type!=/Literal$/]", message: "make it of entries: Object.fromEntries, Map, set, splice" },
        { selector: "CallExpression[callee.object.name='Object'][callee.property.name=/^(assign|setPrototypeOf|defineProperty)$/]", message: "spread it into a new object" },
        {
          // an address is made by route`…` (lib/paths), or ends in the question that asking(…) makes
          selector:
            ":not(TaggedTemplateExpression) > TemplateLiteral[quasis.0.value.raw=/^(\\/|#\\/|tel:|geo:|https?:)/]:has(> :not(TemplateElement)):not(:has(> CallExpression[callee.name='asking'])):not(:has(> MemberExpression[object.name='location']))",
          message: "make the address with route`…`, callOf or geoOf of lib/paths",
        },
        {
          selector:
            "IfStatement[consequent.type='ReturnStatement'] > :matches(MemberExpression[property.name=/^(error|isError)$/], Identifier[name='isError']), IfStatement[consequent.type='ReturnStatement'] > LogicalExpression > MemberExpression[property.name=/^(error|isError)$/]",
          message: "a failed asking-again would take what was there, and what was typed in it: ask isLoadingError",
        },
        { selector: "MemberExpression[property.name='__proto__']", message: "no prototype is touched" },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      // a file is named by a label around it, or by an id; both are labels
      "jsx-a11y/label-has-associated-control": ["error", { assert: "either", depth: 3 }],
    },
  },
  ...Object.keys(layers).map((folder) => ({
    files: [`src/${folder}/**/*.{ts,tsx}`],
    ignores: ["**/*.test.*"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...shut(folder).map((name) => ({ group: [`@/${name}`, `@/${name}/*`, `**/../${name}/*`], message: `${folder} may not import ${name}` })),
            ...(folder === "rooms" ? [{ group: ["@/rooms/*"], message: "a room never imports another; inside a room import by ./" }] : []),
            ...(folder === "map" ? [] : [{ group: ["maplibre-gl", "maplibre-gl/*"], message: "only src/map knows the map library" }]),
          ],
        },
      ],
    },
  })),
);
