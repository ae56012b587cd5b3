"""Large cities and common names that are no zone names, each zone with its own; a name may belong to several."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.practice.languages import fold

_BY_ZONE = {
    "Africa/Abidjan": "Yamoussoukro",
    "Africa/Accra": "Kumasi, GMT",
    "Africa/Algiers": "Oran",
    "Africa/Cairo": "Alexandria, Giza, الاسكندرية, الجيزة",
    "Africa/Casablanca": "Rabat, Marrakesh, Marrakech, Fes, Tangier, Agadir",
    "Africa/Dar_es_Salaam": "Dodoma, Zanzibar, Arusha",
    "Africa/Johannesburg": "Cape Town, Kapstadt, Durban, Pretoria, SAST",
    "Africa/Lagos": "Abuja, Kano, Ibadan",
    "Africa/Nairobi": "Mombasa",
    "America/Anchorage": "Alaska, Fairbanks, Juneau",
    "America/Argentina/Buenos_Aires": "Rosario, La Plata, Mar del Plata",
    "America/Bahia": "Salvador",
    "America/Bogota": "Medellín, Cali, Barranquilla, Cartagena",
    "America/Caracas": "Maracaibo, Valencia",
    "America/Chicago": (
        "Houston, Dallas, San Antonio, Austin, Fort Worth, Minneapolis, St. Louis, Saint Louis, Kansas City,"
        " Milwaukee, Nashville, Memphis, New Orleans, Oklahoma City, Omaha, Birmingham, Texas, CST, CDT"
    ),
    "America/Costa_Rica": "San José",
    "America/Denver": "Salt Lake City, Albuquerque, Colorado Springs, Colorado, Utah, MST, MDT",
    "America/Edmonton": "Calgary, Alberta",
    "America/Fortaleza": "Natal, São Luís",
    "America/Guayaquil": "Quito",
    "America/La_Paz": "Santa Cruz, Sucre, Cochabamba",
    "America/Lima": "Arequipa, Cusco, Trujillo",
    "America/Los_Angeles": (
        "San Francisco, San Diego, San José, Seattle, Portland, Las Vegas, Sacramento, Oakland, Fresno, LA,"
        " SF, California, PST, PDT"
    ),
    "America/Mexico_City": "Guadalajara, Puebla, León, CDMX, Ciudad de México",
    "America/New_York": (
        "New York City, NYC, Boston, Washington, Washington D.C., Philadelphia, Miami, Atlanta, Orlando,"
        " Tampa, Charlotte, Baltimore, Pittsburgh, Cleveland, Columbus, Cincinnati, Jacksonville, Brooklyn,"
        " Florida, EST, EDT, Georgia"
    ),
    "America/Phoenix": "Tucson, Arizona, MST",
    "America/Puerto_Rico": "San Juan",
    "America/Santiago": "Valparaíso, Concepción",
    "America/Sao_Paulo": (
        "Rio, Rio de Janeiro, Brasília, Belo Horizonte, Curitiba, Porto Alegre, Campinas, Florianópolis,"
        " Goiânia, Vitória"
    ),
    "America/Toronto": "Montréal, Ottawa, Québec",
    "America/Vancouver": "Victoria",
    "Asia/Almaty": "Astana, Shymkent, Астана",
    "Asia/Bangkok": "Chiang Mai, Phuket, Pattaya",
    "Asia/Dhaka": "Chittagong, Chattogram",
    "Asia/Dubai": "Abu Dhabi, Sharjah, ابوظبي",
    "Asia/Ho_Chi_Minh": "Hanoi, Da Nang, Saigon, Haiphong",
    "Asia/Jakarta": "Bandung, Surabaya, Medan, Yogyakarta, Semarang",
    "Asia/Jerusalem": "Tel Aviv, Haifa, תל אביב, חיפה",
    "Asia/Karachi": "Islamabad, Lahore, Rawalpindi, Faisalabad, Peshawar",
    "Asia/Kathmandu": "Pokhara",
    "Asia/Kolkata": (
        "Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Hyderabad, Chennai, Madras, Pune, Ahmedabad,"
        " Jaipur, Lucknow, Kochi, Goa, Calcutta, IST, मुंबई, दिल्ली, बेंगलुरु, चेन्नई, पुणे"
    ),
    "Asia/Kuala_Lumpur": "Penang, Johor Bahru",
    "Asia/Makassar": "Bali, Denpasar, Ubud",
    "Asia/Manila": "Cebu, Davao, Quezon City",
    "Asia/Riyadh": "Jeddah, Mecca, Medina, Dammam, جدة, مكة, المدينة",
    "Asia/Seoul": "Busan, Incheon, Daegu, KST, 부산, 인천, 대구",
    "Asia/Shanghai": (
        "Beijing, Peking, Guangzhou, Shenzhen, Chengdu, Chongqing, Wuhan, Hangzhou, Nanjing, Tianjin, Xian,"
        " Suzhou, 北京, 广州, 深圳, 成都, 杭州, 武汉, 南京, 西安"
    ),
    "Asia/Taipei": "Kaohsiung, Taichung, Tainan, 高雄, 台中, 台南",
    "Asia/Tashkent": "Fergana",
    "Asia/Tehran": "Mashhad, Isfahan, Shiraz, Tabriz, مشهد, اصفهان, شیراز, تبریز",
    "Asia/Tokyo": (
        "Osaka, Kyoto, Yokohama, Nagoya, Sapporo, Fukuoka, Kobe, Hiroshima, JST,"
        " 大阪, 京都, 横浜, 名古屋, 札幌, 福岡, 神戸"
    ),
    "Asia/Yangon": "Mandalay",
    "Asia/Yekaterinburg": "Chelyabinsk, Ufa, Perm, Tyumen, Челябинск, Уфа, Пермь, Тюмень",
    "Atlantic/Canary": "Tenerife, Las Palmas, Gran Canaria, Lanzarote, Fuerteventura",
    "Atlantic/Reykjavik": "UTC",
    "Australia/Brisbane": "Gold Coast, Cairns, Queensland",
    "Australia/Melbourne": "Geelong, Victoria",
    "Australia/Sydney": "Canberra, Newcastle",
    "Europe/Amsterdam": "Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven",
    "Europe/Athens": "Thessaloniki, Saloniki",
    "Europe/Berlin": (
        "Munich, München, Muenchen, Hamburg, Cologne, Köln, Koeln, Frankfurt, Stuttgart, Düsseldorf,"
        " Duesseldorf, Leipzig, Dresden, Hannover, Hanover, Nuremberg, Nürnberg, Nuernberg, Bremen, Essen,"
        " Dortmund, Bonn, Freiburg"
    ),
    "Europe/Brussels": "Antwerp, Antwerpen, Ghent, Gent, Bruges, Brugge, CEST",
    "Europe/Bucharest": "Cluj, Cluj-Napoca, Timișoara, Iași",
    "Europe/Dublin": "Cork, Galway",
    "Europe/Istanbul": "Ankara, İzmir, Antalya, Bursa",
    "Europe/Kyiv": (
        "Kharkiv, Odesa, Odessa, Lviv, Dnipro, Харків, Одеса, Львів, Дніпро, Харьков, Одесса, Львов, Днепр"
    ),
    "Europe/Lisbon": "Porto, Oporto, Braga, Coimbra",
    "Europe/London": (
        "Birmingham, Manchester, Liverpool, Leeds, Glasgow, Edinburgh, Bristol, Cardiff, Belfast, Sheffield,"
        " Cambridge, Oxford, England, Scotland, Wales, GMT, BST, Newcastle"
    ),
    "Europe/Madrid": (
        "Barcelona, Valencia, Sevilla, Seville, Bilbao, Málaga, Zaragoza, Granada, Córdoba, Mallorca, Palma"
    ),
    "Europe/Moscow": (
        "St. Petersburg, Saint Petersburg, Petersburg, Sankt Peterburg, Kazan, Nizhny Novgorod, Sochi, MSK,"
        " Санкт-Петербург, Питер, Казань, Сочи"
    ),
    "Europe/Oslo": "Bergen, Trondheim",
    "Europe/Paris": "Marseille, Lyon, Toulouse, Nice, Bordeaux, Lille, Nantes, Strasbourg, Strassburg",
    "Europe/Prague": "Brno",
    "Europe/Rome": (
        "Milan, Milano, Mailand, Naples, Napoli, Turin, Torino, Florence, Firenze, Venice, Venezia, Bologna, Palermo"
    ),
    "Europe/Stockholm": "Gothenburg, Göteborg, Malmö",
    "Europe/Vienna": "Graz, Salzburg, Innsbruck, Linz",
    "Europe/Warsaw": "Kraków, Cracow, Gdańsk, Wrocław, Poznań, Łódź",
    "Europe/Zurich": "Geneva, Genf, Genève, Basel, Bern, Lausanne, Zuerich",
    "Pacific/Auckland": "Wellington, Christchurch",
    "Pacific/Honolulu": "Hawaii",
}


def zones_of_cities() -> Mapping[str, tuple[str, ...]]:
    """The zones that each folded name can mean, usually one."""
    found: dict[str, tuple[str, ...]] = {}
    for zone, names in _BY_ZONE.items():
        for name in names.split(","):
            found[fold(name)] = (*found.get(fold(name), ()), zone)
    return MappingProxyType(found)
