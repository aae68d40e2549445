/** Every page of the portal: its address, and the part of the program that is fetched when somebody goes there. */
import { createBrowserRouter } from "react-router";

import { Broken } from "../shared/Broken";
import { Frame } from "./Frame";
import { Home } from "./home/Home";
import { Missing } from "./missing/Missing";

export const router = createBrowserRouter([
  {
    element: <Frame />,
    // While the first page's part of the program is on its way.
    hydrateFallbackElement: <Frame />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { path: "/", element: <Home /> },
          { path: "/search", lazy: async () => ({ Component: (await import("./search/Search")).Search }) },
          {
            path: "/items/:jurisdiction/:kind/:sourceId",
            lazy: async () => ({ Component: (await import("./item/Item")).Item }),
          },
          {
            path: "/organizations/:creditCode",
            lazy: async () => ({ Component: (await import("./organization/Organization")).Organization }),
          },
          {
            path: "/challenges/:challengeId",
            lazy: async () => ({ Component: (await import("./challenge/Challenge")).Challenge }),
          },
          { path: "/login", lazy: async () => ({ Component: (await import("./login/LoginPage")).LoginPage }) },
          { path: "/inbox", lazy: async () => ({ Component: (await import("./inbox/Inbox")).Inbox }) },
          { path: "/searches", lazy: async () => ({ Component: (await import("./searches/Searches")).Searches }) },
          { path: "/notifications", lazy: async () => ({ Component: (await import("./settings/Settings")).Settings }) },
          {
            path: "/objections",
            lazy: async () => ({ Component: (await import("./objections/Objections")).Objections }),
          },
          { path: "/freshness", lazy: async () => ({ Component: (await import("./freshness/Freshness")).Freshness }) },
          { path: "/account", lazy: async () => ({ Component: (await import("./account/AccountPage")).AccountPage }) },
          { path: "/scan", lazy: async () => ({ Component: (await import("./scan/Scan")).Scan }) },
          { path: "*", element: <Missing /> },
        ],
      },
    ],
  },
]);
