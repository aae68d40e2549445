import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const ROOMS = ["portal", "console", "docs"];

export default defineConfig(
  globalIgnores(["dist", "client/dist", "client/types", "client/tests/consumer.ts", "client/src/schema.ts"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", 300],
      "no-restricted-syntax": [
        "error",
        {
          // What cities and people wrote is shown as text, whatever it looks like.
          selector:
            "JSXAttribute[name.name='dangerouslySetInnerHTML'], AssignmentExpression[left.property.name='innerHTML']",
          message: "Texts are rendered as text.",
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  // Arrows run one way: a room takes from shared/ and api/, and never from another room.
  ...ROOMS.map((room) => ({
    files: [`src/${room}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ROOMS.filter((other) => other !== room).map((other) => ({ group: [`**/${other}/**`] })) },
      ],
    },
  })),
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly" } },
  },
  {
    files: ["src/shared/**", "src/api/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ROOMS.map((room) => ({ group: [`**/${room}/**`] })) }] },
  },
);
