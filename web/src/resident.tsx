/** The resident's pages: light, for a phone, and there without a network. */
import { startOffline } from "@/offline";
import Resident from "@/rooms/resident/Resident";
import { opened } from "@/rooms/resident/reporting/scanned";
import { start } from "./start";

opened();
start(<Resident />, "phone");
startOffline();
