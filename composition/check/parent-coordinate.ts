/** The coordinate of what has a member: `Query.user` for `Query.user(id:)`, `User` for `User.name`. */
export function parentCoordinate(coordinate: string): string {
  const [, outer = coordinate] =
    /^([^(]+)\([^)]*\)$/.exec(coordinate) ?? /^([^.]+)\.[^.]*$/.exec(coordinate) ?? [];
  return outer;
}
