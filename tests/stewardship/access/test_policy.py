"""The whole table of routes, by every role, from one's own county and another's."""

from itertools import product

import pytest
from pydantic import ValidationError

from stewardship.access import policy
from stewardship.access.policy import Answer, Route
from tests.stewardship.access.people import logged_in
from warehouse.stores import roles

OWN, OTHER = ["429006", None], ["110105"]
WHOLE = "420000"


@pytest.mark.parametrize(("name", "role"), list(product(policy.routes(), roles.load())))
def test_every_route_for_every_role(name, role):
    route, who = policy.routes()[name], logged_in([role])
    mine = policy.decide(who, name, counties=OWN, jurisdiction=WHOLE)
    others = policy.decide(who, name, counties=OTHER, jurisdiction=WHOLE)
    missing = policy.decide(who, name, jurisdiction=WHOLE)
    if route.to not in ("everyone", "anyone") and role not in route.to:
        assert (mine, others, missing) == (Answer.FORBIDDEN,) * 3
    elif route.of == "county":
        assert (mine, others, missing) == (Answer.SERVE, Answer.NOT_FOUND, Answer.NOT_FOUND)
    else:
        assert (mine, others, missing) == (Answer.SERVE,) * 3


@pytest.mark.parametrize("name", policy.routes())
def test_without_a_session_only_the_door_is_served(name):
    served = policy.decide(None, name, counties=OWN) is Answer.SERVE
    assert served is (policy.routes()[name].to == "everyone")


@pytest.mark.parametrize("name", policy.routes())
def test_a_locked_session_is_served_only_what_unlocks_it(name):
    who = logged_in(list(roles.load()), is_locked=True)
    served = policy.decide(who, name, counties=OWN) is Answer.SERVE
    assert served is (policy.routes()[name].locked or policy.routes()[name].to == "everyone")
    assert served is (name in {"static", "login", "logout", "unlock", "language"})


@pytest.mark.parametrize("name", policy.routes())
def test_people_of_an_entrusted_organisation_see_what_is_entrusted_and_export_nothing(name):
    who = logged_in(["collector"], organisation="某社工站")
    served = policy.decide(who, name, counties=OWN) is Answer.SERVE
    assert not (served and "export" in name)
    assert not served or policy.routes()[name].entrusted


@pytest.mark.parametrize("who", [None, logged_in(list(roles.load()))])
def test_what_is_not_in_the_table_is_not_served(who):
    assert policy.decide(who, "backdoor", counties=OWN) is Answer.NOT_FOUND


def test_a_role_that_is_none_cannot_stand_in_the_table():
    with pytest.raises(ValidationError, match="expected roles of collector, steward"):
        Route.model_validate({"to": ["king"], "of": "nothing"})
