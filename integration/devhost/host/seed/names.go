package seed

func firstNames() []string {
	return []string{
		"Amelia", "Noah", "Priya", "Liam", "Mei", "Oliver", "Aisha", "Jack", "Chloe", "Ravi", "Sofia", "Thomas",
		"Linh", "William", "Zara", "Henry", "Ngaire", "Lucas", "Fatima", "Ethan", "Isla", "Mateo", "Grace", "Yusuf",
		"Ruby", "Hamish", "Elena", "Kofi", "Matilda", "Anders", "Tala", "Samuel", "Ingrid", "Dinesh", "Charlotte",
		"Tane", "Beatriz", "George", "Hana", "Patrick", "Leilani", "Marcus", "Sinéad", "Arjun", "Evelyn", "Björn",
		"Naomi", "Callum", "Yasmin", "Felix", "Rosa",
	}
}

func lastNames() []string {
	return []string{
		"Nguyen", "Smith", "Patel", "O'Brien", "Chen", "Williams", "Kaur", "Taylor", "Müller", "Singh", "Brown",
		"Tran", "Wilson", "Haddad", "Campbell", "Rossi", "Anderson", "Kim", "Mitchell", "Okafor", "Walker",
		"García", "Harris", "Sharma", "Robinson", "Papadopoulos", "Thompson", "Ali", "Kelly", "Novak", "Murphy",
		"Tupou", "Edwards", "Larsen", "Stewart", "Yamamoto", "Morgan", "Costa", "Hughes", "Le Roux", "Cooper",
		"Ivanova", "Bell", "Mensah", "Fraser", "Suzuki", "Ward",
	}
}

func companies() []string {
	return []string{
		"", "Harbour Structural", "Northwind Advisory", "Blue Gum Consulting", "City of Fremantle", "Kestrel & Sons",
		"Southern Rail Works", "", "Meridian Health", "Tidewater Engineering", "Ashgrove Legal", "Lumen Power",
		"Coral Bay Council", "Redgate Surveying", "",
	}
}

func positions() []string {
	return []string{
		"Civil Engineer", "Project Manager", "Director", "Graduate Engineer", "Principal Consultant", "Policy Officer",
		"Asset Planner", "Surveyor", "Practice Manager", "Site Supervisor", "Analyst",
	}
}

type place struct{ city, postcode, state, country string }

func places() []place {
	return []place{
		{"Sydney", "2000", "NSW", "Australia"}, {"Melbourne", "3000", "VIC", "Australia"},
		{"Brisbane", "4000", "QLD", "Australia"}, {"Perth", "6000", "WA", "Australia"},
		{"Adelaide", "5000", "SA", "Australia"}, {"Hobart", "7000", "TAS", "Australia"},
		{"Darwin", "0800", "NT", "Australia"}, {"Canberra", "2600", "ACT", "Australia"},
		{"Auckland", "1010", "Auckland", "New Zealand"}, {"Wellington", "6011", "Wellington", "New Zealand"},
	}
}

func streets() []string {
	return []string{"George Street", "Station Road", "Wattle Avenue", "Queen Street", "Harbour Parade", "Banksia Lane", "Church Street"}
}

type association struct{ name, zone, domain string }

// associations are the first clients; later ones get a number.
func associations() []association {
	return []association{
		{"Harbour Institute of Engineers", "Australia/Sydney", "engineers.example.org"},
		{"Southern Allied Health Association", "Australia/Adelaide", "alliedhealth.example.org"},
		{"Tasman Planners Guild", "Pacific/Auckland", "planners.example.org"},
		{"Western Growers Society", "Australia/Perth", "growers.example.org"},
	}
}

func interests() []string {
	return []string{"Sustainability", "Digital delivery", "Leadership", "Rural practice", "Mentoring"}
}

func organizationNames() []string {
	return []string{
		"Harbour Structural Group", "Northwind Advisory Partners", "Blue Gum Consulting", "Fremantle City Works", "Kestrel & Sons Holdings",
		"Southern Rail Works", "Meridian Health Network", "Tidewater Engineering", "Ashgrove Legal", "Lumen Power", "Coral Bay Council",
		"Redgate Surveying", "Ironbark Mining Services", "Seabright University", "Willow Aged Care", "Granite Peak Builders",
		"Pacific Water Trust", "Old Mill Cooperative", "Starling Analytics", "Eastern Ports Authority",
	}
}
