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
	clientID := clientOf(c, now).ID
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
			Status: status, StartDate: day(from), EndDate: day(to),
		}
	}
	current := of(0, i, integration.MembershipActive, -(i*11)%300-20, 60+(i*13)%280)
	switch {
	case m.Status == integration.MemberSuspended:
		current = of(0, i, integration.MembershipSuspended, -200, 165)
	case i%12 == 5:
		current = of(0, i, integration.MembershipExpiring, -350, 5+i%20)
	case i%17 == 3:
		current = of(0, i, integration.MembershipExpired, -400, -35+i%20)
	case i%53 == 20:
		current = of(0, i, integration.MembershipCancelled, -300, -10)
	}
	if i%10 == 6 {
		current.RenewedAt = now.AddDate(0, 0, -15-i%10).UTC().Truncate(time.Second)
	}
	if i%8 == 1 {
		return []integration.Membership{of(1, i+1, integration.MembershipExpired, -800, -435), current}
	}
	return []integration.Membership{current}
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
