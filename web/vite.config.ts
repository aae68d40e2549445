import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Two programs from one build: the portal, and the console of the operators. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // Everything is a file of its own, so that the pages need nothing but `default-src 'self'`.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { portal: "index.html", console: "console.html" } },
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
