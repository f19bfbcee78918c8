/** The pages of whoever works outside: light, for a phone, offline first. */
import { startOffline } from "@/offline";
import { Gate } from "@/rooms/door/Gate";
import Work from "@/rooms/work/Work";
import { start } from "./start";

start(
  <Gate>
    <Work />
  </Gate>,
  "phone",
);
startOffline();
