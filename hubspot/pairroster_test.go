package hubspot_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestPairsAreFoundByTheirIDs(t *testing.T) {
	t.Parallel()
	link := func(from, to string, typeID int) string {
		return fmt.Sprintf(`{"from":{"id":%s},"to":{"id":%s},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":%d}}`, from, to, typeID)
	}
	reply := func(results, errors string) string {
		return `{"status":"COMPLETE","results":[` + results + `],"errors":[` + errors + `]}`
	}
	refusal := func(context string) string {
		return `{"status":"error","category":"VALIDATION_ERROR","message":"m","context":{` + context + `}}`
	}
	ab, ba := link(`"1"`, `"2"`, 279), link(`"2"`, `"1"`, 280)
	for name, c := range map[string]struct {
		pairs []hubspot.Pair
		body  string
		want  string // y confirmed, n refused, ? open
	}{
		"both directions":         {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "2"}}, reply(ba+","+ab, ""), "y?"},
		"one direction":           {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "2"}}, reply(ab, ""), "y?"},
		"the other":               {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "2"}}, reply(ba, ""), "y?"},
		"ids as numbers":          {[]hubspot.Pair{{From: "1", To: "2"}}, reply(link("1", "2", 279), ""), "y"},
		"strangers":               {[]hubspot.Pair{{From: "1", To: "2"}}, reply(link("7", "8", 279), ""), "?"},
		"the same two numbers":    {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "1"}}, reply(ab+","+ba, ""), "y?"},
		"both of them":            {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "1"}}, reply(ab+","+ba+","+link("2", "1", 279)+","+link("1", "2", 280), ""), "yy"},
		"of an unknown type":      {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "1"}}, reply(link("1", "2", 5), ""), "??"},
		"refused by both ids":     {[]hubspot.Pair{{From: "1", To: "2"}, {From: "1", To: "4"}}, reply(ab, refusal(`"fromObjectId":["1"],"toObjectId":["4"]`)), "yn"},
		"refused by one id":       {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}, {From: "3", To: "2"}}, reply(ab, refusal(`"fromObjectId":["3"]`)), "ynn"},
		"refused by the other":    {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}}, reply(ab, refusal(`"toObjectId":"4"`)), "yn"},
		"a contact is missing":    {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "4"}}, reply(ab, refusal(`"INVALID_OBJECT_IDS":["CONTACT=2 is not valid"]`)), "yn"},
		"a company is missing":    {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "4"}}, reply("", refusal(`"INVALID_OBJECT_IDS":["COMPANY=2 is not valid"]`)), "n?"},
		"of an unknown word":      {[]hubspot.Pair{{From: "1", To: "2"}, {From: "2", To: "4"}}, reply("", refusal(`"INVALID_OBJECT_IDS":["COURSE=2 is not valid"]`)), "nn"},
		"named by bare ids":       {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}}, reply(ab, refusal(`"ids":["4"]`)), "yn"},
		"nobody named":            {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}}, reply(ab, refusal("")), "y?"},
		"nobody named, one pair":  {[]hubspot.Pair{{From: "1", To: "2"}}, reply("", refusal("")), "n"},
		"confirmed and refused":   {[]hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}}, reply(ab, refusal(`"fromObjectId":["1"]`)), "n?"},
		"not complete":            {[]hubspot.Pair{{From: "1", To: "2"}}, `{"status":"PENDING","results":[` + ab + `]}`, "?"},
		"results of another kind": {[]hubspot.Pair{{From: "1", To: "2"}}, reply(`17,"x",null`, ""), "?"},
	} {
		cl := answering(t, 200, "application/json", c.body)
		res, err := cl.AssociateDefault(t.Context(), hubspot.Contacts, "0-2", c.pairs)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		for _, r := range res {
			switch {
			case r.Err == nil:
				got += "y"
			case r.Err.Code == hubspot.CodeUnmentioned, r.Err.Code == hubspot.CodeNotConfirmed:
				got += "?"
			default:
				got += "n"
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
