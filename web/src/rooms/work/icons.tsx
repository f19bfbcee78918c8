/** Five small pictures for the foot of the page; their words stand beneath them. */
const PATHS = {
  next: "M4 6h16M4 12h16M4 18h10",
  report: "M12 5v14M5 12h14",
  patrol: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 12.500a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z",
  census: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM14 14h2v2h-2zM18 18h2v2h-2z",
  visits: "M4 4h16v13H8l-4 4zM8 9h8M8 13h5",
  mine: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-5.500 8-5.500s7 1.500 8 5.500",
  brief: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h4",
  camera: "M4 8h3l1.500-2.500h7L17 8h3v11H4zM12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400z",
};

export function Icon({ of }: { of: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[of]} />
    </svg>
  );
}
