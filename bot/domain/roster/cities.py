"""Cities whose time zone does not follow from their country alone; where nothing stands here, the school is asked."""

from __future__ import annotations

MAINLAND = {
    "AR": "America/Argentina/Buenos_Aires",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GL": "America/Nuuk",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The zone of a country with several, of which all but one are islands, enclaves or alike."""

CITIES = {
    "AU": {
        "Australia/Sydney": "Canberra, Newcastle, Wollongong",
        "Australia/Brisbane": "Gold Coast, Cairns, Townsville",
        "Australia/Melbourne": "Geelong, Ballarat",
    },
    "BR": {
        "America/Sao_Paulo": "São Paulo, Rio de Janeiro, Rio, Brasília, Belo Horizonte, Curitiba, Porto Alegre, "
        "Florianópolis, Campinas, Santos",
        "America/Bahia": "Salvador",
    },
    "CA": {
        "America/Toronto": "Montréal, Montreal, Québec, Quebec City, Ville de Québec, Ottawa, Gatineau, Laval, Sherbrooke, "
        "Trois-Rivières, Saguenay, Chicoutimi, Rimouski, Lévis, Saint-Hyacinthe, Drummondville, Mississauga, Hamilton",
        "America/Moncton": "Fredericton, Saint John, Edmundston, Bathurst",
        "America/Edmonton": "Calgary",
        "America/Vancouver": "Victoria",
        "America/St_Johns": "Saint-Jean de Terre-Neuve",
    },
    "CD": {"Africa/Lubumbashi": "Goma, Bukavu, Kisangani, Mbuji-Mayi, Kananga"},
    "CL": {
        "America/Santiago": "Santiago du Chili, Santiago de Chile, Valparaíso, Viña del Mar, Concepción, Talcahuano, "
        "Temuco, Antofagasta, La Serena, Coquimbo, Iquique, Arica, Calama, Copiapó, Rancagua, Talca, Chillán, Valdivia, "
        "Osorno, Puerto Montt, Castro, Curicó, Los Ángeles, San Antonio",
        "America/Punta_Arenas": "Puerto Natales, Porvenir, Puerto Williams, Magallanes",
        "America/Coyhaique": "Puerto Aysén, Puerto Aisén, Aysén, Cochrane, Chile Chico",
        "Pacific/Easter": "Hanga Roa, Hangaroa, Rapa Nui, Île de Pâques, Isla de Pascua, Easter Island",
    },
    "DE": {"Europe/Busingen": "Büsingen, Büsingen am Hochrhein"},
    "EC": {"Pacific/Galapagos": "Galápagos, Puerto Ayora, Puerto Baquerizo Moreno, Puerto Villamil"},
    "ES": {
        "Atlantic/Canary": "Canarias, Canaries, Îles Canaries, Islas Canarias, Las Palmas, Las Palmas de Gran Canaria, "
        "Gran Canaria, Santa Cruz de Tenerife, Tenerife, La Laguna, San Cristóbal de La Laguna, Adeje, Arona, La Orotava, "
        "Puerto de la Cruz, Telde, Maspalomas, Lanzarote, Arrecife, Fuerteventura, Puerto del Rosario, La Palma, "
        "Santa Cruz de La Palma, Los Llanos de Aridane, La Gomera, San Sebastián de La Gomera, El Hierro, Valverde",
        "Africa/Ceuta": "Melilla",
    },
    "FR": {
        "America/Martinique": "Martinique, Fort-de-France, Le Lamentin, Schœlcher",
        "America/Guadeloupe": "Guadeloupe, Pointe-à-Pitre, Basse-Terre, Les Abymes, Baie-Mahault",
        "America/Cayenne": "Guyane, Cayenne, Kourou, Saint-Laurent-du-Maroni",
        "America/Miquelon": "Saint-Pierre-et-Miquelon",
        "Indian/Reunion": "La Réunion, Réunion, Saint-Denis de La Réunion, Saint-Pierre de La Réunion, Le Tampon",
        "Indian/Mayotte": "Mayotte, Mamoudzou, Dzaoudzi",
        "Pacific/Noumea": "Nouvelle-Calédonie, Nouméa",
        "Pacific/Tahiti": "Tahiti, Papeete, Polynésie française",
    },
    "GL": {"America/Scoresbysund": "Ittoqqortoormiit", "America/Thule": "Qaanaaq"},
    "ID": {"Asia/Jakarta": "Bandung, Yogyakarta, Surabaya, Semarang", "Asia/Makassar": "Denpasar, Bali"},
    "MX": {
        "America/Mexico_City": "Mexico, México, Ciudad de México, CDMX, Guadalajara, Puebla, Querétaro, Toluca, León, Oaxaca",
        "America/Cancun": "Playa del Carmen, Chetumal, Quintana Roo",
    },
    "MY": {"Asia/Kuching": "Kota Kinabalu, Miri, Sibu"},
    "NZ": {"Pacific/Chatham": "Chatham Islands"},
    "PT": {
        "Atlantic/Madeira": "Madère, Funchal, Câmara de Lobos, Porto Santo",
        "Atlantic/Azores": "Açores, Azores, Ponta Delgada, Angra do Heroísmo, Horta, Ribeira Grande, Praia da Vitória",
    },
    "RU": {
        "Europe/Moscow": "Moscou, Moscow, Saint-Pétersbourg, Saint Petersburg, Kazan, Sotchi",
        "Asia/Yekaterinburg": "Ekaterinbourg",
        "Asia/Vladivostok": "Khabarovsk",
    },
    "US": {
        "America/New_York": "New York City, Boston, Washington, Washington DC, Philadelphia, Philadelphie, Baltimore, "
        "Pittsburgh, Buffalo, Miami, Orlando, Tampa, Atlanta, Savannah, Charlotte, Raleigh, Cleveland",
        "America/Kentucky/Louisville": "Louisville",
        "America/Indiana/Indianapolis": "Indianapolis",
        "America/Chicago": "Houston, Dallas, Austin, San Antonio, New Orleans, La Nouvelle-Orléans, Memphis, Nashville, "
        "Minneapolis, Milwaukee, Baton Rouge, Lafayette",
        "America/Denver": "Salt Lake City, Albuquerque, Colorado Springs",
        "America/Los_Angeles": "San Francisco, San Diego, Seattle, Sacramento, San Jose, Oakland, Las Vegas",
        "Pacific/Honolulu": "Hawaii, Hawaï",
    },
}
"""Country -> zone -> names of cities (and of islands that people write instead)."""
