import { draw } from "../shared/program";
import { router } from "./routes";

draw(router);
