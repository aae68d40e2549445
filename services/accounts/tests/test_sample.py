"""The accounts of `make up`, as the README names them."""

from services.accounts import sample_accounts as sample
from services.accounts.organizations.bodies import credit_code_of
from shared.events.accounts import Role
from shared.values.jurisdictions import Jurisdiction
from shared.values.roles import Duty


def test_the_accounts_are_those_that_api_md_names() -> None:
    names = {account.name for account in sample.accounts()}
    expected = {"operator-alliance", "operator-alliance-2", "auditor", "manager-1"}
    expected |= {f"reviewer-{number}" for number in (1, 2, 3)}
    for city in Jurisdiction:
        expected |= {f"operator-{city}", f"operator-{city}-2", f"company-{city}", f"institute-{city}"}
    assert names == expected


def test_a_city_operator_is_for_his_own_city() -> None:
    operators = [account for account in sample.accounts() if account.role is Role.CITY_OPERATOR]
    assert len(operators) == 16
    assert all(account.jurisdiction and str(account.jurisdiction) in account.name for account in operators)


def test_each_city_and_the_alliance_have_one_operator_of_each_duty() -> None:
    operators = [account for account in sample.accounts() if account.name.startswith("operator-")]
    assert {each.name: each.duty for each in operators} == {
        each.name: Duty.SUPERVISION if each.name.endswith("-2") else Duty.BUSINESS for each in operators
    }


def test_each_reviewer_has_an_employer_that_is_no_sample_organisation() -> None:
    employers = {each.employer_credit_code for each in sample.accounts() if each.role is Role.REVIEWER}
    assert len(employers) == 3
    assert all(code and credit_code_of(code) == code for code in employers)
    assert employers.isdisjoint(each.credit_code for each in sample.organizations())


def test_sample_credit_codes_are_valid_and_their_own() -> None:
    codes = [organization.credit_code for organization in sample.organizations()]
    assert [credit_code_of(code) for code in codes] == codes
    assert len(set(codes)) == 16
    assert all("EXAMPLE" in code for code in codes)
