import { begin } from "../shared/program";
import { router } from "./routes";

begin(router);
