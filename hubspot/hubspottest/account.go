package hubspottest

import (
	"fmt"
	"net/http"
)

func accountRoutes() []route {
	implicit := func(*call) []string { return []string{"oauth"} }
	return []route{
		{http.MethodGet, "account-info", "details", implicit, accountDetails},
		{http.MethodGet, "account-info", "api-usage/daily/private-apps", implicit, dailyUsage},
		{http.MethodGet, "limits", "custom-properties", objectReads, propertyLimits},
	}
}

// objectReads takes the read scope of any object type.
func objectReads(c *call) []string {
	var out []string
	for _, o := range c.portal.types {
		out = append(out, o.t.readScope)
	}
	return out
}

// accountDetails answers which account a token belongs to.
// https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide
func accountDetails(c *call) reply {
	p := c.portal.portal
	_, offset := c.now.In(c.portal.location).Zone()
	sign, abs := '+', offset
	if offset < 0 {
		sign, abs = '-', -offset
	}
	return reply{http.StatusOK, struct {
		PortalID             int64    `json:"portalId"`
		AccountType          string   `json:"accountType"`
		TimeZone             string   `json:"timeZone"`
		CompanyCurrency      string   `json:"companyCurrency"`
		AdditionalCurrencies []string `json:"additionalCurrencies"`
		UTCOffset            string   `json:"utcOffset"`
		UTCOffsetMillis      int64    `json:"utcOffsetMilliseconds"`
		UIDomain             string   `json:"uiDomain"`
		DataHostingLocation  string   `json:"dataHostingLocation"`
	}{
		p.ID, p.AccountType, p.TimeZone, p.Currency, []string{}, fmt.Sprintf("%c%02d:%02d", sign, abs/3600, abs%3600/60),
		int64(offset) * 1000, "app-eu1.hubspot.com", "eu1",
	}}
}

func dailyUsage(c *call) reply {
	type usage struct {
		Name         string `json:"name"`
		UsageLimit   int    `json:"usageLimit"`
		CurrentUsage int    `json:"currentUsage"`
		CollectedAt  stamp  `json:"collectedAt"`
		FetchStatus  string `json:"fetchStatus"`
		ResetsAt     stamp  `json:"resetsAt"`
	}
	return reply{http.StatusOK, map[string]any{"results": []usage{{
		"private-apps-api-calls-daily", c.portal.portal.Daily, c.portal.used, stamp(c.now), "SUCCESS", stamp(c.portal.midnight(c.now)),
	}}}}
}

// propertyLimits answers how many custom properties are used and allowed.
func propertyLimits(c *call) reply {
	type usage struct {
		ObjectTypeID  string  `json:"objectTypeId"`
		SingularLabel string  `json:"singularLabel"`
		PluralLabel   string  `json:"pluralLabel"`
		Usage         int     `json:"usage"`
		Limit         int     `json:"limit"`
		Percentage    float64 `json:"percentage"`
	}
	limit, total, all := c.portal.portal.MaxProperty, 0, []usage{}
	for _, o := range c.portal.types {
		n := o.schema.customCount()
		total += n
		all = append(all, usage{o.t.id, o.t.singular, o.t.plural, n, limit, percent(n, limit)})
	}
	return reply{http.StatusOK, map[string]any{
		"overallLimit": limit * len(all), "overallUsage": total, "overallPercentage": percent(total, limit*len(all)), "byObjectType": all,
	}}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }
