/** The resident's pages: light, for a phone. */
import Resident from "@/rooms/resident/Resident";
import { start } from "./start";

start(<Resident />, "phone");
