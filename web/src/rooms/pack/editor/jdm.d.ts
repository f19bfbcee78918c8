/** What we use of the editor, declared here: its own declarations are 6,000 lines, and checking them asks for all that it brings. */
declare module "@gorules/jdm-editor" {
  import type { ComponentType, ReactNode } from "react";

  export interface Decision {
    hitPolicy?: string;
    inputs: { id: string; field: string; name?: string }[];
    outputs: { id: string; field: string; name?: string }[];
    rules: Record<string, string>[];
  }

  export const DecisionTable: ComponentType<{
    value?: Decision;
    onChange?: (next: Decision) => void;
    disabled?: boolean;
    tableHeight: string | number;
    permission?: "edit:full" | "edit:rules" | "edit:values";
    mountDialogsOnBody?: boolean;
  }>;

  export const JdmConfigProvider: ComponentType<{
    theme?: { mode?: "light" | "dark"; token?: Record<string, string> };
    children?: ReactNode;
  }>;
}

declare module "@gorules/jdm-editor/dist/style.css";
