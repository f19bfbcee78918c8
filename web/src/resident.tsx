/** The resident's pages: light, for a phone, and there without a network. */
import { startOffline } from "@/offline";
import Resident from "@/rooms/resident/Resident";
import { start } from "./start";

start(<Resident />, "phone");
startOffline();
