/** The pages about the contracts: what there is, and one page for each operation and event. */
import { createBrowserRouter } from "react-router";

import { Broken } from "../shared/Broken";
import { Event } from "./event/Event";
import { Frame } from "./Frame";
import { List } from "./list/List";
import { Operation } from "./operation/Operation";
import { Missing } from "./parts/Missing";

export const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      children: [
        {
          errorElement: <Broken />,
          children: [
            { path: "/", element: <List /> },
            { path: "/operations/:id", element: <Operation /> },
            { path: "/events/:type", element: <Event /> },
            { path: "*", element: <Missing what="页面" /> },
          ],
        },
      ],
    },
  ],
  { basename: "/docs" },
);
