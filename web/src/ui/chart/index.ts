/** Charts that say what they show. The drawing library is fetched with the first one. */
export { Chart, Multiples } from "./Chart";
export { wilson } from "./interval";
export { dressOf, sequence } from "./palette";
export { type Kind, type Series, type Shown, STEPS } from "./types";
