"""Every value set with its Chinese names, under the name by which clients ask for it (`GET labels` in api.md)."""

from collections.abc import Mapping

from shared.values.currencies import Currency
from shared.values.industries import Industries
from shared.values.kinds import ItemType, Kind, Tense
from shared.values.notices import Channels, NotificationGroups
from shared.values.open_sets import OpenSet
from shared.values.roles import Duty, OrganizationKinds, OrganizationStates, Role
from shared.values.row_fields import RowFields
from shared.values.states import BatchModes, BatchStates, ChallengeStates, ClaimStates, DeliveryStates, ObjectionStates
from shared.values.terms import ChallengeActions, ClaimActions, Disclosures, IpTerms, Modes

VALUE_SETS: Mapping[str, type[OpenSet]] = {
    "kinds": Kind,
    "tenses": Tense,
    "item_types": ItemType,
    "states": ChallengeStates,
    "claim_states": ClaimStates,
    "batch_states": BatchStates,
    "batch_modes": BatchModes,
    "objection_states": ObjectionStates,
    "delivery_states": DeliveryStates,
    "organization_kinds": OrganizationKinds,
    "organization_states": OrganizationStates,
    "roles": Role,
    "duties": Duty,
    "industries": Industries,
    "modes": Modes,
    "ip_terms": IpTerms,
    "disclosures": Disclosures,
    "actions": ChallengeActions,
    "claim_actions": ClaimActions,
    "currencies": Currency,
    "row_fields": RowFields,
    "notification_groups": NotificationGroups,
    "channels": Channels,
}
