/** The drawing library, only what we draw with. Fetched when the first chart is on the page. */
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use as bring } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

bring([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export { init };
