/** The office: every room of it on its own, fetched when it is opened. */
import { Router } from "./routes.office";
import { start } from "./start";

start(<Router />, "desk");
