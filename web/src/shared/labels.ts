/** What people call the values of the wire. All of it comes from the API: no name of a value is written here. */
import { useQuery } from "@tanstack/react-query";

import { answer, api, type View } from "../api/client";

type Labels = View<"LabelsView">;
type ValueSet = { [Name in keyof Labels]: Labels[Name] extends { value: string }[] ? Name : never }[keyof Labels];
type Name = (set: ValueSet, value: string) => string;

/** A function that gives a value's name. A value that nobody named is shown as it is: it may be newer than this page. */
export function useNames(): Name {
  const data = useLabels();
  return (set, value) => (data ? named(data, set, value) : "");
}

/** Every value of a set, in the order of the API; none before they are there. */
export function useValues(set: ValueSet): string[] {
  return useLabels()?.[set].map(({ value }) => value) ?? [];
}

function useLabels(): Labels | undefined {
  const { data } = useQuery({
    queryKey: ["labels"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/labels", { signal })),
    staleTime: Infinity,
  });
  return data;
}

function named(labels: Labels, set: ValueSet, value: string): string {
  return labels[set].find((each) => each.value === value)?.label ?? value;
}
