/** The colours of the map, light and dark: quiet land, streets as the light between the cells, lamps as everywhere. */
export interface Palette {
  ground: string;
  land: string;
  block: string;
  street: string;
  kerb: string;
  border: string;
  name: string;
  halo: string;
  thing: string;
  road: string;
  casing: string;
  park: string;
  estate: string;
  mark: string;
  accent: string;
  raised: string;
  ink: string;
  lamps: Record<"green" | "yellow" | "red" | "grey" | "none", string>;
}

export const LIGHT: Palette = {
  ground: "#e9ecea",
  land: "#f1f0ea",
  block: "#f7f6f1",
  street: "#ffffff",
  kerb: "#dedcd2",
  border: "#9aa0a6",
  name: "#4a4f56",
  halo: "#faf9f5",
  thing: "#8b9097",
  road: "#ffffff",
  casing: "#d3cfc2",
  park: "#e0ebd6",
  estate: "#efece2",
  mark: "#5d646d",
  accent: "#0b6e6e",
  raised: "#ffffff",
  ink: "#1c1e21",
  lamps: { green: "#2e7d32", yellow: "#8f5600", red: "#c62828", grey: "#666b72", none: "#666b72" },
};

export const DARK: Palette = {
  ground: "#0f1114",
  land: "#171a1f",
  block: "#1b1f24",
  street: "#272c33",
  kerb: "#121418",
  border: "#5d646d",
  name: "#aab0b8",
  halo: "#14161a",
  thing: "#6d747d",
  road: "#363d46",
  casing: "#0f1215",
  park: "#1b2a20",
  estate: "#20242a",
  mark: "#98a0a9",
  accent: "#5cc2bf",
  raised: "#1d2025",
  ink: "#e8e8e6",
  lamps: { green: "#7cc67f", yellow: "#e5ab4a", red: "#ff8a80", grey: "#a6abb2", none: "#a6abb2" },
};
