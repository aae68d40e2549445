/** How a program begins: its look, its session, its pages. */
import "./trusted";
import "./page.css";

import type { QueryClient } from "@tanstack/react-query";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";

import { isWaiting, queries } from "./queries";
import { beginSession } from "./session";
import { paint, scheme } from "./theme";

type Router = ReturnType<typeof createBrowserRouter>;

export function begin(router: Router): void {
  const client = queries();
  beginSession(client);
  window.addEventListener("beforeunload", (event) => {
    // What waits for the network is in this page alone.
    if (isWaiting(client)) event.preventDefault();
  });
  draw(router, client);
}

/** A program by itself has no session. */
export function draw(router: Router, client: QueryClient = queries()): void {
  paint();
  scheme.subscribe(paint);
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
