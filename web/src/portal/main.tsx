import "../shared/trusted";
import "../shared/page.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";

import { queries } from "../shared/queries";
import { paint, scheme } from "../shared/theme";
import { router } from "./routes";

paint();
scheme.subscribe(paint);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries()}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
