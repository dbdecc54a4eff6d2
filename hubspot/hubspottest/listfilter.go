package hubspottest

import (
	"encoding/json"
	"slices"
	"strings"
)

// branch is the filter definition of a list, as it comes and as it is shown: HubSpot
// fills in its defaults and drops what it does not know.
// https://developers.hubspot.com/docs/api-reference/latest/crm/lists/lists-filters
type branch struct {
	Type     string       `json:"filterBranchType"`
	Operator string       `json:"filterBranchOperator"`
	Branches []branch     `json:"filterBranches"`
	Filters  []listFilter `json:"filters"`
}

type listFilter struct {
	Type      string    `json:"filterType"`
	Property  string    `json:"property"`
	Operation operation `json:"operation"`
}

type operation struct {
	Type     string          `json:"operationType"`
	Operator string          `json:"operator"`
	Value    json.RawMessage `json:"value,omitempty"`
	Values   []text          `json:"values,omitempty"`
	NoValue  bool            `json:"includeObjectsWithNoValueSet"`
}

// check refuses what HubSpot would refuse: the root must be OR, its branches AND. Of
// all filters the simulator knows those on properties.
func (b *branch) check(o *objects, c *call) *failure {
	if b.Type != "OR" {
		return badFilter("The root filter branch must be of type OR")
	}
	return b.checkBelow(o, c)
}

func (b *branch) checkBelow(o *objects, c *call) *failure {
	if b.Operator == "" {
		b.Operator = b.Type
	}
	if b.Operator != b.Type {
		return badFilter("filterBranchOperator " + b.Operator + " does not fit the type " + b.Type)
	}
	if b.Branches == nil {
		b.Branches = []branch{}
	}
	if b.Filters == nil {
		b.Filters = []listFilter{}
	}
	below := "AND"
	if b.Type == "AND" {
		below = "OR"
	}
	for i := range b.Branches {
		if b.Branches[i].Type != below {
			return badFilter("A branch of type " + b.Type + " may hold branches of type " + below + " only")
		}
		if f := b.Branches[i].checkBelow(o, c); f != nil {
			return f
		}
	}
	for _, lf := range b.Filters {
		if f := lf.check(o, c); f != nil {
			return f
		}
	}
	return nil
}

func badFilter(message string) *failure {
	f := badRequest(message)
	f.subCategory = "ILS.INVALID_FILTER"
	return f
}

func (lf listFilter) check(o *objects, c *call) *failure {
	if lf.Type != "PROPERTY" {
		return badFilter("The filter type " + lf.Type + " is not supported")
	}
	def := o.schema.find(lf.Property, c.now)
	if def == nil {
		return badFilter("The property " + lf.Property + " does not exist")
	}
	types, op := []string{"STRING", "MULTISTRING"}, lf.Operation
	switch def.Type {
	case "enumeration":
		types = []string{"ENUMERATION"}
	case "bool":
		types = []string{"BOOL", "ENUMERATION"}
	case "number":
		types = []string{"NUMBER"}
	}
	if op.Type != "ALL_PROPERTY" && !slices.Contains(types, op.Type) {
		return badFilter("The operation type " + op.Type + " does not fit the property " + lf.Property)
	}
	if !slices.Contains(listOperators(op.Type), op.Operator) {
		return badFilter("There is no operator " + op.Operator + " of " + op.Type)
	}
	switch op.Type {
	case "ENUMERATION", "MULTISTRING":
		if len(op.Values) == 0 {
			return badFilter("values must not be empty")
		}
	case "BOOL", "NUMBER", "STRING":
		if len(op.Value) == 0 {
			return badFilter("value must be set")
		}
	}
	return nil
}

// listOperators are those that the simulator evaluates.
func listOperators(operationType string) []string {
	switch operationType {
	case "ENUMERATION":
		return []string{"IS_ANY_OF", "IS_NONE_OF", "IS_EXACTLY", "IS_NOT_EXACTLY", "CONTAINS_ALL", "DOES_NOT_CONTAIN_ALL"}
	case "BOOL":
		return []string{"IS_EQUAL_TO", "IS_NOT_EQUAL_TO"}
	case "NUMBER":
		return []string{"IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN", "IS_LESS_THAN_OR_EQUAL_TO"}
	case "STRING", "MULTISTRING":
		return []string{"IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH"}
	case "ALL_PROPERTY":
		return []string{"IS_KNOWN", "IS_UNKNOWN"}
	}
	return nil
}

// fits evaluates the definition over a record. An empty OR holds nobody.
func (b *branch) fits(o *objects, r *record) bool {
	all := b.Type == "AND"
	for i := range b.Branches {
		if b.Branches[i].fits(o, r) != all {
			return !all
		}
	}
	for _, lf := range b.Filters {
		if lf.fits(o, r) != all {
			return !all
		}
	}
	return all
}

func (lf listFilter) fits(o *objects, r *record) bool {
	have, op := valueOf(o, r, lf.Property), lf.Operation
	switch {
	case op.Operator == "IS_KNOWN":
		return have != ""
	case op.Operator == "IS_UNKNOWN":
		return have == ""
	case have == "":
		return op.NoValue
	case op.Type == "ENUMERATION":
		return op.fitsSet(strings.Split(have, ";"))
	}
	def := o.schema.live[lf.Property]
	if def == nil {
		return false
	}
	wanted := op.Values
	if len(op.Value) > 0 {
		var one text
		if one.UnmarshalJSON(op.Value) != nil {
			return false
		}
		wanted = []text{one}
	}
	positive, negated := op.positive()
	return negated != slices.ContainsFunc(wanted, func(w text) bool { return compares(def, positive, have, string(w)) })
}

// positive is the operator without its negation.
func (op operation) positive() (operator string, negated bool) {
	switch op.Operator {
	case "IS_NOT_EQUAL_TO":
		return "IS_EQUAL_TO", true
	case "DOES_NOT_CONTAIN":
		return "CONTAINS", true
	}
	return op.Operator, false
}

func compares(def *property, operator, have, want string) bool {
	n := compareValues(def, have, want)
	have, want = strings.ToLower(have), strings.ToLower(want)
	switch operator {
	case "IS_EQUAL_TO":
		return n == 0
	case "IS_GREATER_THAN":
		return n > 0
	case "IS_GREATER_THAN_OR_EQUAL_TO":
		return n >= 0
	case "IS_LESS_THAN":
		return n < 0
	case "IS_LESS_THAN_OR_EQUAL_TO":
		return n <= 0
	case "CONTAINS":
		return strings.Contains(have, want)
	case "STARTS_WITH":
		return strings.HasPrefix(have, want)
	}
	return strings.HasSuffix(have, want) // ENDS_WITH
}

// fitsSet compares the options that a record has with those of the filter.
func (op operation) fitsSet(have []string) bool {
	hits := 0
	for _, w := range op.Values {
		if slices.Contains(have, string(w)) {
			hits++
		}
	}
	all := hits == len(op.Values)
	switch op.Operator {
	case "IS_ANY_OF":
		return hits > 0
	case "IS_NONE_OF":
		return hits == 0
	case "CONTAINS_ALL":
		return all
	case "DOES_NOT_CONTAIN_ALL":
		return !all
	case "IS_EXACTLY":
		return all && hits == len(have)
	}
	return !all || hits != len(have) // IS_NOT_EXACTLY
}
