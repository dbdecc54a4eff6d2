package seed

import (
	"fmt"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The members with a story, by their place in the list. Tests and the simulated
// portal point at them.
const (
	RefusedEmail   = 4 // an address that HubSpot refuses
	SharedFirst    = 7 // two members whose addresses one HubSpot contact has
	SharedSecond   = 8
	FirstKnown     = 10 // these are in HubSpot already, typed in by hand
	LastKnown      = 14
	everyNoEmail   = 41 // every 41st member has no address
	everyPending   = 29
	everySuspended = 67
)

// Members invents size members of client number c. Equal arguments give equal
// members; dates follow now, so that some memberships are always about to end.
func Members(c, size int, now time.Time) []integration.Member {
	return membersOf(clientOf(c, now).ID, c, size, now)
}

func membersOf(clientID string, c, size int, now time.Time) []integration.Member {
	list := associations()
	domain := list[c%len(list)].domain
	out := make([]integration.Member, size)
	for i := range out {
		out[i] = member(clientID, domain, c, i, now)
	}
	return out
}

func member(clientID, domain string, c, i int, now time.Time) integration.Member {
	first, last := firstNames(), lastNames()
	// The lengths of the lists have no common factor, so pairs repeat late.
	n := i + c*17
	m := integration.Member{
		ID:           id(clientID, "member", fmt.Sprint(i)),
		FirstName:    first[n%len(first)],
		LastName:     last[n%len(last)],
		Company:      pick(companies(), n*7+c),
		Position:     pick(positions(), n*3+c),
		Status:       integration.MemberActive,
		RegisteredAt: now.AddDate(0, 0, -30-(n*37)%3000).UTC().Truncate(time.Second),
	}
	home := pick(places(), n)
	m.City, m.Postcode, m.State, m.Country = home.city, home.postcode, home.state, home.country
	m.Address = fmt.Sprintf("%d %s", n*13%190+1, pick(streets(), n))
	m.Mobile = fmt.Sprintf("+61 400 %03d %03d", n*31%1000, n*97%1000)
	if n%3 == 0 {
		m.ContactNumber = fmt.Sprintf("+61 2 5550 %04d", n*71%10000)
	}
	if n%9 == 0 {
		m.WebsiteURL = "https://" + plain(m.FirstName+m.LastName) + ".example.org"
	}
	profile(&m, clientID, n, i, now)
	m.Email = plain(m.FirstName) + "." + plain(m.LastName) + suffix(i, len(first)*len(last)) + "@" + domain
	switch {
	case i == RefusedEmail:
		m.Email = plain(m.FirstName) + "." + plain(m.LastName) + "@localhost"
	case i >= FirstKnown && i <= LastKnown, i == SharedFirst, i == SharedSecond:
	case i%everyNoEmail == everyNoEmail-1:
		m.Email = ""
	case i%everyPending == everyPending-1:
		m.Status = integration.MemberPending
	case i%everySuspended == everySuspended-1:
		m.Status = integration.MemberSuspended
	}
	m.Memberships = memberships(clientID, m, i, now)
	return m
}

// memberships gives most members a current period, some one that ends soon or
// has ended, and a few an older one of another plan too.
func memberships(clientID string, m integration.Member, i int, now time.Time) []integration.Membership {
	if m.Status == integration.MemberPending {
		return nil
	}
	day := func(days int) integration.Date { return integration.DateOf(now.AddDate(0, 0, days)) }
	of := func(k, plan int, status integration.MembershipStatus, from, to int) integration.Membership {
		name := planNames()[plan%len(planNames())]
		return integration.Membership{
			ID: id(m.ID, "membership", fmt.Sprint(k)), PlanID: planID(clientID, name), PlanName: name,
			PriceType: pick([]string{"annually", "annually", "monthly"}, i), Status: status, StartDate: day(from), EndDate: day(to),
			StatusSince: ago(now, -from),
		}
	}
	current := of(0, i, integration.MembershipActive, -(i*11)%300-20, 60+(i*13)%280)
	switch {
	case m.Status == integration.MemberSuspended:
		current = of(0, i, integration.MembershipSuspended, -200, 165)
		current.StatusSince = ago(now, 40)
	case i%12 == 5:
		current = of(0, i, integration.MembershipExpiring, -350, 5+i%20)
		current.StatusSince = ago(now, 25-i%20)
	case i%17 == 3:
		current = of(0, i, integration.MembershipExpired, -400, -35+i%20)
		current.StatusSince = ago(now, 35-i%20)
	case i%53 == 20:
		current = of(0, i, integration.MembershipCancelled, -300, -10)
		current.StatusSince = ago(now, 10)
	}
	if i%10 == 6 {
		current.RenewedAt = now.AddDate(0, 0, -15-i%10).UTC().Truncate(time.Second)
	}
	if plan := i % len(planNames()); current.Status == integration.MembershipActive && plan > 0 {
		switch {
		case i%21 == 2:
			current.UpgradedAt, current.UpgradedFrom = ago(now, 9), planNames()[plan-1]
		case i%23 == 7:
			current.DowngradeScheduledAt, current.DowngradeTo, current.DowngradeOn = ago(now, 4), planNames()[plan-1], current.EndDate
		}
	}
	if i%8 == 1 {
		past := of(1, i+1, integration.MembershipExpired, -800, -435)
		past.StatusSince = ago(now, 435)
		return []integration.Membership{past, current}
	}
	return []integration.Membership{current}
}

// profile adds what not everybody fills in.
func profile(m *integration.Member, clientID string, n, i int, now time.Time) {
	m.Gender = pick([]string{"", "Female", "Male", "Not Specified", "Other"}, n)
	if n%2 == 0 {
		m.DateOfBirth = integration.DateOf(now.AddDate(-24-n%40, -n%12, -n%28))
	}
	if m.Company != "" {
		m.CompanyPhone = fmt.Sprintf("+61 2 5551 %04d", n*53%10000)
		m.CompanyAddress = fmt.Sprintf("%d %s, %s", n*7%90+1, pick(streets(), n+3), m.City)
	}
	if n%4 == 1 {
		m.LinkedInURL = "https://linkedin.example.org/in/" + plain(m.FirstName+m.LastName)
	}
	if n%6 == 2 {
		m.Bio = m.Position + " from " + m.City + ".\nMember since " + fmt.Sprint(m.RegisteredAt.Year()) + "."
	}
	if n%3 == 1 {
		m.InterestedIn = []string{pick(interests(), n), pick(interests(), n+1)}
		m.EventInterests = []string{pick([]string{"Conferences", "Networking", "Webinars"}, n)}
	}
	if i%4 == 0 {
		m.OrganizationID = organizationID(clientID, i/4%howManyOrganizations)
	}
}

// ago is a moment some days before now.
func ago(now time.Time, days int) time.Time {
	return now.AddDate(0, 0, -days).UTC().Truncate(time.Second)
}

func pick[T any](list []T, n int) T { return list[n%len(list)] }

// suffix tells apart the addresses of people who share a name.
func suffix(i, pairs int) string {
	if i < pairs {
		return ""
	}
	return fmt.Sprint(i/pairs + 1)
}

// plain is a name in the letters of an address.
func plain(name string) string {
	name = strings.NewReplacer("é", "e", "ö", "o", "ü", "u", "í", "i", "'", "", " ", "").Replace(strings.ToLower(name))
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, name)
}
