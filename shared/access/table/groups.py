"""Who may, by name: the groups of roles, each with its relation to the resource, that the rows share."""

from shared.access.rules import Relation, Who
from shared.events.accounts import Role

ANY, OWN_CITY, OWN_ORGANIZATION, SELF = Relation.ANY, Relation.OWN_CITY, Relation.OWN_ORGANIZATION, Relation.SELF
MEMBER, ORG_ADMIN = Role.MEMBER, Role.ORG_ADMIN
CITY, ALLIANCE, AUDITOR = Role.CITY_OPERATOR, Role.ALLIANCE_OPERATOR, Role.AUDITOR

EVERYBODY: dict[Who, Relation] = {"visitor": ANY}
LOGGED_IN: dict[Who, Relation] = {MEMBER: ANY}
ONESELF: dict[Who, Relation] = {MEMBER: SELF}
OWN_POSTS: dict[Who, Relation] = {ORG_ADMIN: OWN_ORGANIZATION}
CITY_STAFF: dict[Who, Relation] = {CITY: OWN_CITY}
CITY_AND_ALLIANCE: dict[Who, Relation] = {CITY: OWN_CITY, ALLIANCE: ANY}
ALL_OPERATORS: dict[Who, Relation] = {CITY: ANY, ALLIANCE: ANY}
OBJECTION_READERS: dict[Who, Relation] = {MEMBER: SELF, CITY: OWN_CITY, ALLIANCE: ANY}
PUSHERS: dict[Who, Relation] = {"agent": OWN_CITY, CITY: OWN_CITY}
FOLLOWERS: dict[Who, Relation] = {"agent": ANY, CITY: ANY, ALLIANCE: ANY, AUDITOR: ANY}
ALLIANCE_ONLY: dict[Who, Relation] = {ALLIANCE: ANY}
TRAIL_READERS: dict[Who, Relation] = {CITY: OWN_CITY, ALLIANCE: ANY, AUDITOR: ANY}
CHAIN_VERIFIERS: dict[Who, Relation] = {ALLIANCE: ANY, AUDITOR: ANY}
