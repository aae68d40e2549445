/** Every page of the console: its address, and the part of the program that is fetched when somebody goes there. */
import { createBrowserRouter } from "react-router";

import { Broken } from "../shared/Broken";
import { Frame } from "./Frame";
import { Missing } from "./missing/Missing";

export const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      // While the first page's part of the program is on its way.
      hydrateFallbackElement: <Frame />,
      children: [
        {
          errorElement: <Broken />,
          children: [
            { path: "/", lazy: async () => ({ Component: (await import("./workbench/Workbench")).Workbench }) },
            {
              path: "/organizations",
              lazy: async () => ({ Component: (await import("./organizations/Organizations")).Organizations }),
            },
            {
              path: "/organizations/:organizationId",
              lazy: async () => ({ Component: (await import("./organizations/Organization")).Organization }),
            },
            { path: "/people", lazy: async () => ({ Component: (await import("./people/People")).People }) },
            { path: "/people/:userId", lazy: async () => ({ Component: (await import("./people/Person")).Person }) },
            {
              path: "/challenges",
              lazy: async () => ({ Component: (await import("./challenges/Challenges")).Challenges }),
            },
            {
              path: "/challenges/:challengeId",
              lazy: async () => ({ Component: (await import("./challenges/Review")).Review }),
            },
            { path: "/batches", lazy: async () => ({ Component: (await import("./batches/Batches")).Batches }) },
            {
              path: "/batches/upload",
              lazy: async () => ({ Component: (await import("./uploads/Uploading")).Uploading }),
            },
            {
              path: "/batches/:batchId",
              lazy: async () => ({ Component: (await import("./batches/Receipt")).Receipt }),
            },
            {
              path: "/freshness",
              lazy: async () => ({ Component: (await import("./freshness/FreshnessPage")).FreshnessPage }),
            },
            {
              path: "/freshness/:jurisdiction",
              lazy: async () => ({ Component: (await import("./freshness/Rhythm")).Rhythm }),
            },
            {
              path: "/objections",
              lazy: async () => ({ Component: (await import("./objections/Objections")).Objections }),
            },
            {
              path: "/objections/:objectionId",
              lazy: async () => ({ Component: (await import("./objections/ObjectionPage")).ObjectionPage }),
            },
            { path: "/joined", lazy: async () => ({ Component: (await import("./joined/Joined")).Joined }) },
            {
              path: "/joined/:creditCode",
              lazy: async () => ({ Component: (await import("./joined/Shared")).Shared }),
            },
            { path: "/records", lazy: async () => ({ Component: (await import("./records/Records")).Records }) },
            {
              path: "/records/:jurisdiction/:kind/:sourceId",
              lazy: async () => ({ Component: (await import("./records/RecordPage")).RecordPage }),
            },
            { path: "/agents", lazy: async () => ({ Component: (await import("./agents/Agents")).Agents }) },
            {
              path: "/deliveries",
              lazy: async () => ({ Component: (await import("./deliveries/Deliveries")).Deliveries }),
            },
            {
              path: "/dead-letters",
              lazy: async () => ({ Component: (await import("./dead-letters/DeadLetters")).DeadLetters }),
            },
            { path: "/lag", lazy: async () => ({ Component: (await import("./lag/Lag")).Lag }) },
            {
              path: "/read-models",
              lazy: async () => ({ Component: (await import("./read-models/ReadModels")).ReadModels }),
            },
            { path: "/audit", lazy: async () => ({ Component: (await import("./audit/Audit")).Audit }) },
            {
              path: "/account",
              lazy: async () => ({ Component: (await import("../shared/account/Account")).Account }),
            },
            { path: "*", element: <Missing /> },
          ],
        },
      ],
    },
  ],
  { basename: "/console" },
);
