"""Words that are names of places and something else as well, and words that decide which. Our own lists, all folded.

A name that stands in none of them is taken as a place wherever it is capitalised. These lists hold what members and
newspapers write often; a word that is missing costs a wrong tag, one too many only a tag that needs more context.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Ordinary words in the languages that communities write in: a capital alone says nothing.
ORDINARY = _words("""
acre adelanto aden alamos albion allende altagracia amarillo angeles anjo arcadia arica baise banan bandera bando bari
barrie bath batman beira bello bend bida bimbo bland boone boring boulder bray bride bunkie bury butte cadillac cagli
cali camas canton carmel carrefour celle central chita clover cocoa cognac colmar colon converse cork corning corona
corrientes crystal delta derby dull eagle enterprise erode escondido essen estero eureka fallon faro fatih ferns fier
fishers flint forde franca fuji ganja gent gering giza golden golfe gotha grapevine grasse green guarda hail halle
hamm harbin hays hercules herne highland hof homer hub hue ica imperia independence jasper kami kaya kent kira kita
kota koto kure lagoa largo legden liberal liberty lima lime linden linz lipa lohne loja longview luan magna malabar male
mango manta marina marquette mascara medias melrose merced mesa metro midland milagro miri mission mito mobile mons
moron moss mumbles mure naga nancy natal nice normal oakwood oceanside ondo opole opportunity oral oran orange orlu
ota pace palatine palma palmas palo paradise paramount parker parras pasto pearl pelotas perm pest plains plano plum
poole potenza praia prato providence pueblo pullman pune queens racine reading recife redan redlands remedios reserva
riverbank riverside roxas roy rye safi saga sale salem saline salta salto samba samsun san sancaktepe sandy santa
santos seaside serra shelby shoreline siegen sion soka soledad solna somoto sparks split spring springs staunton
sterling summit sunrise superior surat surprise tama tanga tanta tema tempe temple tena tequila tete tome tonala tono
tours trinidad troy tula turku tuzi ube uman union university upland urbana utica vail van vidin virar vista vitre
walnut warder waterbury west westlake westport wise worms york zion zomba
""")

# Given names, family names, firms and countries: a capital is no sign, a word of place before it is.
NAMESAKES = _words("""
addison adelaide adrian akashi alameda alba albany alexandria alton americus ames anderson antioch antony ariel arles
arlington armenia arnold aspen astana astoria auburn augusta aurora austin avellaneda aviles azusa bandung barnet
bayamon beaufort belgrano bell bellingham benicia benton berkeley beverly bismarck blair bordeaux bowie bradford brandon
bremen brent brooklyn broussard bryan buchanan buda buffalo burgos burke bursa burton camden campbell campinas carlow
carolina carson cary casablanca casper chandler charleston charlotte chelsea chester cheyenne chiba cicero clarinda
clark clay clearwater cleveland clinton clovis cockburn colima cologne colombo columbia columbus compton concord
conway cordoba cornelius covington cuenca cumberland dabas dalton daphne darwin davenport davis dayton decatur
delaware denison denton derry desoto dewitt diamantina dixon douglas dover downey duarte dunbar duncan durham easton
edison edmond edmonds eldridge elgin elizabeth enfield engels enid ennis ensenada essex euclid eugene evans everett
fargo farmington ferrara florence foley fontana franklin frederick fremont fujisawa fukuyama galva garcia gardena
gardner garfield garland garner gary george gilbert gillette gilroy goma gonzales goshen gouveia graham granada greece
greenfield gresham griffin guadalupe guatemala guerrero hamilton hammond hampton hancock hanford hanno harlem harper
harrison harvey hastings hatano havelock hayward helena henderson heredia hermann hermosillo herndon hidalgo hikone
hino hiratsuka holland hollister hollywood hudson hughes huntington ichikawa irvine irving isahaya ishigaki itami
iwata izumi jackson jamaica jamestown jefferson jimenez juan juarez juba julian kato kawanishi kawasaki keene keller
kelso kendall kennedy kirov kleve komaki kuki kuroishi kuwait kyle lacey lafayette lagos lagrange lancaster laredo
larissa laurel laurens laval lawrence lebanon leon lerdo lincoln lindstrom livingston livingstone lowell luzern lyons
macau mackay macon madera madison magdalena maldonado manhattan mansfield marietta marin marino marion markham
marlboro marshall martin martina martinez mary mason matanzas matera matsumoto mcallen medford medina melbourne
mendoza merida meriden merton metz mexico milton minna mishima miyazaki monroe montgomery moore moreno moriyama murcia
murphy murray nagaoka nassau navarro nazareth nelson nevada newark newton niles nishiwaki norfolk norman norwich
novato odawara ogden okaya okazaki olympia omiya omura oneill ontario orem orlando osage otsu padua palmer panama
paris parma paterson patterson pendleton pereira perth phoenix pontiac portland posadas preston princeton puebla
pulaski pushkin quebec quincy quito raleigh ramona ramsey randolph redford regina reno renton rhodes richardson
richland richmond rivera rochester rockwell rodriguez rogers rolla roma rome rosario roselle rosetta ross sakai sakata
salcedo salinas salisbury salvador samara sanford sano santander santiago savannah seguin selma serena seward seymour
shawnee sheffield shelbyville shenandoah sherman sherwood shimada shimoda shirley sidney sienna smyrna sofia somerset
sonoma sparta stafford stanton stirling stockton stratford struga suffolk sumy surrey sutherland sutton suzuka sydney
sylvania tabor tachikawa takahashi takayama tamura tarsus tateyama taunton tavares taylor tecumseh tepic thornton
tifton toledo toyota tracy trenton trujillo tucker tyler ueda urdaneta valencia valenzuela vallejo valparaiso vandalia
vaughan venice vernon verona victoria virginia vladimir walcott walker waltham warren warwick washington waterloo
waverly wayne wellington wesel westminster weston whitman whitney whittier wilber wilmington wilson winchester windham
windsor winona winslow winston woodbury woodstock worthington wyndham wyoming yamagata yasu yonezawa yoshikawa yuma
""")

# Names of several words that are something else as well.
NAMESAKES_OF_TWO = frozenset(
    """
san antonio los ranchos|santa maria|santa ana|santa teresa|san miguel|san juan|san pablo|san isidro|san fernando
san carlos|santa cruz|santa rosa|santo tomas|saint paul|saint peter|saint john|saint johns|saint louis county
st george|st georges|st thomas|st marys|st anthony|st charles|st augustine|round hill|red wing|red hook|sun valley
mountain view|mountain village|college station|park city|garden city|temple city|white rock|green river|green bay road
show low|federal way|broken arrow|fall river|high point|mount pleasant|central city|ocean city|union city|bay city
gold coast|angel fire|boys town|bowling green|silver spring|jesus maria|las palmas|el carmen|la paz|la grange|la porte
la plata|la romana|little canada|northern beaches|storm lake|stone park|port angeles|prince rupert|nelson mandela bay
rice lake|rolling meadows|western springs|yellow springs|hot springs|blue mountains|blue ash|big bear lake|maple creek
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

# Stars and brands carry these names: alone they are cities, before another capitalised word often not.
FIRST_OF_TWO = _words("""
alexandria athens berlin boston brooklyn cairo chelsea dallas denver florence houston india london milan orlando paris
petra philadelphia phoenix rome savannah siena sofia vienna geneva hitachi cleveland manchester cambridge oxford miami
liverpool detroit
""")

GIVEN = _words("""
aaron adam adele akira alan albert alex alexander alice amanda amy ana anatole andrea andreas andrew andy angela anita
ann anna anne anthony antonio arthur ashley barbara ben benjamin bernard beth betty bill bob boris brian bruce carl
carla carlos carmen carol caroline catherine charles charlie cheryl chris christian christine christopher cindy claire
clara claude claudia colin craig daniel daniela dave david dean debbie deborah dennis diana diane diego dmitri dolores
don donald donna dorothy doug edith edward elena eli elias elizabeth ella ellen emily emma eric erik erika ernest eva
felix fernando frances francesca francesco francis francisco frank fred frederick gabriel george gerald gina giovanni
giuseppe gloria gordon grace greg gustav hannah hans harold harry hayao heather heidi heinrich helen henri henry
herbert hillary hiroshi howard hugo ian ingrid irene irving isaac isabel isabella isaiah ivan jack jackie jacob
jacques jake jane janet jason jay jean jeff jennifer jenny jeremy jerry jessica jill jim jimmy joan joe john johnny
jonathan jorge jose joseph josh joyce juan judith judy julia julie jurgen karen karl kate katherine kathy katie keiko
keith kelly ken kenji kevin kim klaus kurt larry laura lauren laurence lee leo leonard lily linda lisa lori louis
louise lucia lucy luis luke lynn manuel marc marco margaret maria marie mario mark markus martha mary matt matthew max
megan melissa michael michel michelle miguel mike miriam molly monica nancy naomi natalie nathan neil nicholas nicole
nigel nina noah nora norma olga oliver olivia omar oscar otto pablo pam pamela patricia patrick paul paula pauline
pedro peter phil philip pierre rachel ralph ray raymond rebecca richard rick rita rob robert roberto robin roger ron
rosa rose roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sergei sharon sheila shirley
simon sophia sophie stan stanley stefan stephanie stephen steve steven stuart sue susan suzanne takashi tanya taro ted
teresa terry theodore theresa thomas tim tina todd tom tommy tony tracy ulrich ursula valerie vanessa vera veronica
victor vincent violet walter wanda wayne wendy werner whitney will william wolfgang yoko yuki yuri
""")

TITLES = _words("""
mr mrs ms miss dr prof professor sir lady lord dame president senator sen governor gov ambassador captain capt colonel
col general gen lieutenant lt sergeant sgt judge justice coach pastor reverend rev father sister brother aunt uncle
king queen prince princess saint herr frau monsieur madame mme senor senora sra dona don signor signora pan pani chef
actor actress singer author poet reporter
""")

# Before a name they make another name of it: New Birmingham, Lake Geneva, Mount Vernon.
OTHER_BEFORE = _words("""
new nueva nuevo nouvelle neu lake lago lac mount mt monte fort ft port porto puerto cape cabo san santa santo sao
saint st sainte el los las la le les del de von van der mc little upper lower glen nova novo isle hotel fc ac sc uss
""")
OPENERS = _words("new el los las la le les der de del")  # these also open a sentence before any name

# After a name, capitalised: Orange County, Columbus Day, Paris Avenue, Hitachi Ltd.
OTHER_AFTER = _words("""
county counties parish state states township river creek lake lakes falls heights hills hill park beach springs spring
bay valley island islands isle canyon mountain mountains peak forest grove junction crossing ridge point harbor
harbour port hole street st avenue ave road rd boulevard blvd drive lane ln way highway hwy court terrace plaza day
bridge sound strait straits ocean sea gulf peninsula desert basin plateau volcano beds ltd inc corp corporation motor
motors co gmbh ag llc plc syndrome accord accords agreement protocol convention treaty declaration consensus manifesto
times post tribune herald gazette
""")

# After a name in any case: Buffalo wings, Brussels sprouts, a Boston terrier.
THINGS = _words("""
wing wings sprout sprouts fries clam clams chowder terrier terriers bulldog bulldogs cheesesteak cheesesteaks mustard
ham sausage sausages bologna steak steaks sandwich sandwiches duck syndrome cigar cigars bean beans comma shirt shirts
protocol roast roll rolls cream cake pie dressing salad soup rice noodles ware lace leather fever phone phones app
apps device devices home homes juice barbecue bbq beef beer beers soap soaps sauce sauces boot boots hat hats hot
chicken pizza pizzas commas wine wines tea teas coffee cigarettes corolla camry accords omelette omelettes style
styled inspired shaped state county china porcelain stool
""")

# Around a name they make a city of it.
CITY_BEFORE = _words("""
city cities town towns downtown greater stadt partnerstadt partnerstadte partnerstadten gemeinde ville villes ciudad
ciudades cidade cidades citta comune miasto miasta municipio metropolitan metro
""")
# With "of" or the like between.
OF_A_CITY = CITY_BEFORE | _words("""
twin twins mayor mayors village municipality people residents citizens capital stadtepartnerschaft oberburgermeister
burgermeister maire commune jumelee alcalde alcaldesa prefeito sindaco partnership
""")
CITY_AFTER = _words("""
city sister council mayor airport symphony chamber metropolitan metro philharmonic twinning partnership committee
delegation downtown convention international consulate rotary municipal twin twins partner partners sisters area based
""")
LINKS = _words("of de di von der da do du d in with between named called the e")

IN_WORDS = _words("""
in near outside around visit visiting visited visits across throughout downtown reached leaving toward towards aus
nach bei en vers chez nel nella nell em
""")
FROM_WORDS = _words("""
from to at with between for via through of von de du da di do z ze con avec mit zwischen entre tra para per pour zu au
""")
AND_WORDS = _words("and und et y e ed og och en i or oder ou o")

# What exchanges, journeys and city halls are spoken of with; beginnings of words.
TOPICS = (
    "sister", "twin", "partner", "delegat", "exchang", "mayor", "cities", "city", "town", "visit", "travel", "trip",
    "flew", "fly", "flight", "flown", "drove", "drive", "moved", "move", "moving", "host", "student", "choir", "tour",
    "teacher", "resident", "guest", "pupil", "visitor", "arriv", "return", "jumel", "jumelage", "herman", "gemell",
    "geminad", "austausch", "burgermeister", "intercambi", "scambi", "delegac", "delegaz", "reis", "schul", "chor",
    "eleve", "estudiant", "alcald", "maire", "sindac", "miast", "stadt", "ciudad", "cidade", "citta", "ville",
)  # fmt: skip

CITY_VERBS = _words("""
hosts hosted welcomes welcomed signs signed celebrates celebrated sends sent has joined joins
""")
PERSON_AFTER = _words("""
said says told tells asked asks thinks thought wrote writes smiled laughed loves loved wants wanted knows knew played
plays sang sings jr sr
""")
HONORIFICS = ("さん", "氏", "先生", "様", "君", "ちゃん")  # after a family name in Japanese
