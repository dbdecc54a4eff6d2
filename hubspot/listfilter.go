package hubspot

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// AnyOf is the filter of a list: its records are those whose Property, an
// enumeration, holds at least one of Values. A multi-checkbox property holds
// any number of them.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/lists-filters
type AnyOf struct {
	Property string
	Values   []string
}

type wireBranch struct {
	Type     string       `json:"filterBranchType"`
	Operator string       `json:"filterBranchOperator"`
	Branches []wireBranch `json:"filterBranches"`
	Filters  []wireFilter `json:"filters"`
}

type wireFilter struct {
	Type      string        `json:"filterType"`
	Property  string        `json:"property"`
	Operation wireOperation `json:"operation"`
}

type wireOperation struct {
	Type     string   `json:"operationType"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	NoValue  bool     `json:"includeObjectsWithNoValueSet"`
}

// branch is the filter as HubSpot wants it: an OR of ANDs.
func (f AnyOf) branch() wireBranch {
	return wireBranch{
		Type: "OR", Operator: "OR", Filters: []wireFilter{},
		Branches: []wireBranch{{
			Type: "AND", Operator: "AND", Branches: []wireBranch{},
			Filters: []wireFilter{{
				Type: "PROPERTY", Property: f.Property,
				Operation: wireOperation{Type: "ENUMERATION", Operator: "IS_ANY_OF", Values: f.Values},
			}},
		}},
	}
}

func (f AnyOf) valid() bool {
	return propertyWord(f.Property) != "" && len(f.Values) > 0 && !slices.Contains(f.Values, "")
}

// Matches reports whether a list's filter, as HubSpot shows it, selects the
// same records. The order of values, ids, defaults that are written out, and
// one alternative spread over several branches do not matter. It does not
// match whatever it cannot read: another property, another operator, a
// condition more.
func (f AnyOf) Matches(filter json.RawMessage) bool {
	found := map[string]bool{}
	if len(filter) == 0 || !f.collect(filter, found) {
		return false
	}
	wanted := map[string]bool{}
	for _, v := range f.Values {
		wanted[v] = true
	}
	return maps.Equal(found, wanted)
}

// collect gathers the values by which a branch selects; false if it selects
// by anything else.
func (f AnyOf) collect(raw json.RawMessage, into map[string]bool) bool {
	var b map[string]json.RawMessage
	if json.Unmarshal(raw, &b) != nil {
		return false
	}
	branches, filters := list(b["filterBranches"]), list(b["filters"])
	switch text(b["filterBranchType"]) {
	case "OR":
	case "AND":
		if len(branches)+len(filters) != 1 {
			return false
		}
	default:
		return false
	}
	if !nothingElse(b, "filterBranchType", "filterBranchOperator", "filterBranches", "filters") {
		return false
	}
	for _, one := range branches {
		if !f.collect(one, into) {
			return false
		}
	}
	for _, one := range filters {
		if !f.collectFilter(one, into) {
			return false
		}
	}
	return true
}

func (f AnyOf) collectFilter(raw json.RawMessage, into map[string]bool) bool {
	var w, op map[string]json.RawMessage
	if json.Unmarshal(raw, &w) != nil || json.Unmarshal(w["operation"], &op) != nil {
		return false
	}
	if text(w["filterType"]) != "PROPERTY" || text(w["property"]) != f.Property ||
		text(op["operationType"]) != "ENUMERATION" || text(op["operator"]) != "IS_ANY_OF" ||
		!nothingElse(w, "filterType", "property", "operation") ||
		!nothingElse(op, "operationType", "operator", "values", "propertyType") {
		return false
	}
	for _, v := range texts(op["values"]) {
		into[v] = true
	}
	return true
}

// nothingElse reports whether the members beside the named ones say nothing:
// ids, and what is null, false or empty.
func nothingElse(of map[string]json.RawMessage, names ...string) bool {
	for key, raw := range of {
		if slices.Contains(names, key) || key == "id" || strings.HasSuffix(key, "Id") {
			continue
		}
		if !slices.Contains([]string{"null", "false", `""`, "[]", "{}"}, string(raw)) {
			return false
		}
	}
	return true
}
