import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** While pages are edited, an address gets the entry of its program, as at the gateway. */
const programs: Plugin = {
  name: "programs",
  configureServer(server) {
    server.middlewares.use((request, _, next) => {
      const [, name] = /^\/(console|docs)(?:[/?]|$)/.exec(request.url ?? "") ?? [];
      if (name) request.url = `/${name}.html`;
      next();
    });
  },
};

/** One build of several programs, each an entry of `input`. */
export default defineConfig({
  plugins: [react(), programs],
  build: {
    target: "es2023",
    // Everything is a file of its own, so that the pages need nothing but `default-src 'self'`.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { portal: "index.html", console: "console.html", docs: "docs.html" } },
  },
  server: {
    // `npm run dev` beside a running `make up`.
    proxy: { "/api": process.env.HUNING_GATEWAY ?? "http://127.0.0.1:8080" },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "client/tests/*.test.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
