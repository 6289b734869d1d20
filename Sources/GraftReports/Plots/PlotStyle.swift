/// The colours and letters of plots, for light and dark surroundings; told apart by those who see no red or green.
enum PlotStyle {
  /// For a page, whose colours are variables.
  static let inPage: StaticString = """
    .plot { display: block; width: 100%; height: auto; font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    .plot text { fill: var(--text); }
    .plot .tick, .plot .marked { font-size: 11.5px; }
    .plot .tick { fill: var(--quiet); }
    .plot .marked { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
    .plot .name { fill: var(--quiet); }
    .plot .middle { text-anchor: middle; }
    .plot .end { text-anchor: end; }
    .plot .start { text-anchor: start; }
    .plot .grid { stroke: var(--line); stroke-width: 1; }
    .plot .axis { stroke: var(--quiet); stroke-width: 1; }
    .plot .mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; }
    .plot .reference { stroke: var(--quiet); stroke-width: 1.2; stroke-dasharray: 5 4; }
    .plot .curve { fill: none; stroke: var(--own); stroke-width: 2; stroke-linejoin: round; }
    .plot .dashed { stroke-dasharray: 6 4; }
    .plot .dot { fill: var(--own); }
    .plot .cloud { fill-opacity: .55; }
    .plot .bar { fill: var(--c1); }
    .plot .right { fill: var(--c1); }
    .plot .wrong { fill: var(--c2); }
    .plot .frame { fill: none; stroke: var(--line); }
    .plot .count { text-anchor: middle; font-size: 12px; }
    .plot .full { fill: var(--paper); font-weight: 600; }
    .plot .c1 { --own: var(--c1); } .plot .c2 { --own: var(--c2); } .plot .c3 { --own: var(--c3); }
    .plot .c4 { --own: var(--c4); } .plot .c5 { --own: var(--c5); } .plot .c6 { --own: var(--c6); }
    .plot .c7 { --own: var(--c7); } .plot .c8 { --own: var(--c8); }
    """

  /// The variables; of a page and of a file.
  static let colours: StaticString = """
    :root { color-scheme: light dark; --paper: #ffffff; --text: #1b1f24; --quiet: #5b6570; --line: #dde2e8;
      --panel: #f5f7f9; --good: #17663f; --bad: #a8311f; --c1: #1f66c1; --c2: #c2570c; --c3: #2b8a5a; --c4: #8a4fbf;
      --c5: #b3266e; --c6: #1a8fa3; --c7: #8a6d00; --c8: #6b7280; }
    @media (prefers-color-scheme: dark) { :root { --paper: #14171b; --text: #e6e9ed; --quiet: #9aa5b1; --line: #323941;
      --panel: #1d2228; --good: #6ccf9c; --bad: #ff9b87; --c1: #6aa9ff; --c2: #ff9f5a; --c3: #6fd3a0; --c4: #c39bf0;
      --c5: #ff8ac0; --c6: #5fd0e3; --c7: #e0c158; --c8: #a5adb8; } }
    @media print { :root { color-scheme: light; --paper: #ffffff; --text: #000000; --quiet: #444444; --line: #cccccc;
      --panel: #f5f5f5; --good: #17663f; --bad: #a8311f; --c1: #1f66c1; --c2: #c2570c; --c3: #2b8a5a; --c4: #8a4fbf;
      --c5: #b3266e; --c6: #1a8fa3; --c7: #8a6d00; --c8: #6b7280; } }
    """
}
